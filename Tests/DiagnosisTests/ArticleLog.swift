/// The log at the end of the article of July 2013 that this project began with, as published there: syslog with facility
/// and level, host name made unrecognisable by its author (differently in the last line). No header, no kill line.
enum ArticleLog {
    static let text = #"""
        Jun 10 13:33:11 xx user.warn kernel: DMA free:3548kB min:68kB low:84kB high:100kB active:0kB inactive:0kB present:16384kB pages_scanned:0 all_unreclaimable? yes
        Jun 10 13:33:11 xx user.warn kernel: lowmem_reserve[]: 0 0 880 4080
        Jun 10 13:33:11 xx user.warn kernel: DMA32 free:0kB min:0kB low:0kB high:0kB active:0kB inactive:0kB present:0kB pages_scanned:0 all_unreclaimable? no
        Jun 10 13:33:11 xx user.warn kernel: lowmem_reserve[]: 0 0 880 4080
        Jun 10 13:33:11 xx user.warn kernel: Normal free:1340kB min:3756kB low:4692kB high:5632kB active:0kB inactive:28kB present:901120kB pages_scanned:2456536 all_unreclaimable? yes
        Jun 10 13:33:11 xx user.warn kernel: lowmem_reserve[]: 0 0 0 25600
        Jun 10 13:33:11 xx user.warn kernel: HighMem free:1615600kB min:512kB low:3928kB high:7344kB active:274112kB inactive:24928kB present:3276800kB pages_scanned:0 all_unreclaimable? no
        Jun 10 13:33:11 xx user.warn kernel: lowmem_reserve[]: 0 0 0 0
        Jun 10 13:33:11 xx user.warn kernel: DMA: 1*4kB 1*8kB 1*16kB 0*32kB 1*64kB 1*128kB 1*256kB 0*512kB 1*1024kB 1*2048kB 0*4096kB = 3548kB
        Jun 10 13:33:11 xx user.warn kernel: DMA32: empty
        Jun 10 13:33:11 xx user.warn kernel: Normal: 1*4kB 1*8kB 1*16kB 1*32kB 0*64kB 0*128kB 1*256kB 0*512kB 1*1024kB 0*2048kB 0*4096kB = 1340kB
        Jun 10 13:33:11 CHINASOFT user.warn kernel: HighMem: 8192*4kB 7506*8kB 5166*16kB 2932*32kB 1528*64kB 688*128kB 253*256kB 86*512kB 67*1024kB 12*2048kB 234*4096kB = 1615600kB
        """#
}
