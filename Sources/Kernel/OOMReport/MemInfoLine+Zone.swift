extension ReportedZone {
    /// Nil if `text` is no zone's line. What is cut off at its end is nil.
    ///
    ///     Node 0 Normal free:1340kB min:3756kB low:4692kB high:5632kB active:0kB … pages_scanned:17 all_unreclaimable? yes
    ///     Zone:DMA freepages:  1340kB min:   128kB low:   384kB high:   640kB
    init?(_ text: [UInt8]) {
        var cursor = LineCursor(lineOf: text)
        let node = cursor.nodeNumber()
        let isOld = cursor.skip("Zone:")
        let name = cursor.zoneName()
        guard !name.isEmpty, cursor.skip(isOld ? " freepages:" : " free:") else { return nil }
        guard let free = cursor.number(), cursor.skip("kB"), cursor.isZone(named: name) else { return nil }
        self.init(node: node, name: cursor.text(name))
        let first = Amount(name: isOld ? "freepages" : "free", bytes: Bytes(kibibytes: free))
        var scanned: Int?
        amounts = [first] + cursor.amounts { name, count in if name == "pages_scanned" { scanned = count } }
        pagesScanned = scanned
        isAllUnreclaimable = cursor.isAllUnreclaimable()
        setWatermarks(free: first.bytes)
    }

    private mutating func setWatermarks(free: Bytes) {
        self.free = free
        min = self["min"]
        low = self["low"]
        high = self["high"]
        boost = self["boost"]
        reservedHighatomic = self["reserved_highatomic"]
        freeHighatomic = self["free_highatomic"]
        freeCMA = self["free_cma"]
        present = self["present"]
        managed = self["managed"]
    }
}

extension LineCursor {
    /// Other lines have a word and ` free:` too, so a name that no kernel is known for needs a watermark behind it.
    fileprivate func isZone(named name: Range<Int>) -> Bool {
        starts(with: " min:") || starts(with: " boost:") || ZoneType(name: text(name)) != nil
    }
}
