/// A program decided to kill.
enum UserspaceRemedies {
    static let all = [
        Remedy(
            title: "see the limits of the program that killed",
            why: "it acts before the kernel would: by pressure, or by what is left of memory and swap",
            command: "oomctl; systemctl cat systemd-oomd earlyoom", risk: "none, it only reads")
    ]
}
