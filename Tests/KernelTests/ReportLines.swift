// The lines of a report, as Linux 6.12 prints them.

let header = headerLine(of: "eater")
let processor = processorLine(41, "eater")
let usage = "memory: usage 65536kB, limit 65536kB, failcnt 12"
let zone = "Node 0 DMA free:3588kB min:68kB low:84kB high:100kB present:16384kB"
let reserve = "lowmem_reserve[]: 0 0 880 4080"
let blocks = "Node 0 DMA: 1*4kB (U) 448*8kB (UM) = 3588kB"
let groupLine = "Tasks in /box are going to be killed due to memory.oom.group set"

func headerLine(of name: String) -> String {
    "\(name) invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"
}

func processorLine(_ pid: Int, _ name: String) -> String {
    "CPU: 0 UID: 0 PID: \(pid) Comm: \(name) Not tainted 6.12.0 #1"
}

func choice(_ pid: Int, _ name: String, group: String = "/box", constraint: String = "MEMCG") -> String {
    "oom-kill:constraint=CONSTRAINT_\(constraint),nodemask=(null),cpuset=box,mems_allowed=0,oom_memcg=\(group),"
        + "task_memcg=\(group),task=\(name),pid=\(pid),uid=1000"
}

func killed(_ pid: Int, _ name: String) -> String {
    "Killed process \(pid) (\(name)) total-vm:17840kB, anon-rss:8116kB, file-rss:4kB, shmem-rss:796kB, "
        + "UID:1000 pgtables:56kB oom_score_adj:0"
}

func memcgKill(_ pid: Int, _ name: String) -> String { "Memory cgroup out of memory: " + killed(pid, name) }
