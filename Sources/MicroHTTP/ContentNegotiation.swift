/// Which of several forms a client would rather have (RFC 9110 §12.5).
public enum ContentNegotiation {
    /// The offer that the client likes best; at equal quality the one offered first. Nil when it takes none of them.
    ///
    /// - Parameter accept: the values of its `Accept` fields; with none of them everything is welcome.
    public static func best(of offers: [MediaType], accept: [String]) -> MediaType? {
        let ranges = accept.flatMap { FieldList.elements($0) }.compactMap(MediaRange.init(parsing:))
        if accept.allSatisfy({ ASCII.trimmed($0).isEmpty }) { return offers.first }
        var best: (offer: MediaType, quality: Int)?
        for offer in offers {
            let quality = MediaRange.quality(of: offer, in: ranges)
            if quality > best?.quality ?? 0 { best = (offer, quality) }
        }
        return best?.offer
    }

    /// Whether the client takes gzip. One that does not say takes no coding at all.
    public static func allowsGzip(acceptEncoding: [String]) -> Bool {
        if acceptEncoding.isEmpty { return false }
        let codings = acceptEncoding.flatMap { FieldList.elements($0) }.map { FieldList.parameters(of: $0) }
        func quality(_ names: [String]) -> Int? {
            codings.first { coding in names.contains { ASCII.equalIgnoringCase($0, coding.value) } }
                .map { FieldList.quality($0.parameters) }
        }
        return (quality(["gzip", "x-gzip"]) ?? quality(["*"]) ?? 0) > 0
    }
}

extension Request {
    /// The offer that this client likes best, nil when it takes none of them.
    public func preferred(of offers: [MediaType]) -> MediaType? {
        ContentNegotiation.best(of: offers, accept: headers.values("Accept"))
    }

    public var allowsGzip: Bool { ContentNegotiation.allowsGzip(acceptEncoding: headers.values("Accept-Encoding")) }
}

/// One element of `Accept`: `text/*;q=0.5`.
private struct MediaRange {
    let media: MediaType
    let quality: Int

    init?(parsing element: Substring) {
        guard let media = MediaType(parsing: element) else { return nil }
        let weight = media.parameters.firstIndex { ASCII.equalIgnoringCase($0.name, "q") }
        quality = FieldList.quality(media.parameters)
        // What stands behind the weight is not the media type's.
        self.media = MediaType(
            media.type, media.subtype, Array(media.parameters.prefix(upTo: weight ?? media.parameters.endIndex)))
    }

    /// The most exact range decides, however small its weight.
    static func quality(of offer: MediaType, in ranges: [MediaRange]) -> Int {
        let fitting = ranges.compactMap { range in range.exactness(for: offer).map { ($0, range.quality) } }
        return fitting.max { $0.0 < $1.0 }?.1 ?? 0
    }

    /// Nil when it does not fit. A parameter that the offer does not have is passed over: Prometheus asks for
    /// `version=1.0.0;escaping=allow-utf-8` of servers that never heard of the second.
    private func exactness(for offer: MediaType) -> Int? {
        if media.type == "*" { return 0 }
        guard ASCII.equalIgnoringCase(media.type, offer.type) else { return nil }
        if media.subtype == "*" { return 1 }
        guard ASCII.equalIgnoringCase(media.subtype, offer.subtype) else { return nil }
        var agreeing = 2
        for wanted in media.parameters {
            guard let own = offer.parameters.first(where: { ASCII.equalIgnoringCase($0.name, wanted.name) }) else { continue }
            guard ASCII.equalIgnoringCase(own.value, wanted.value) else { return nil }
            agreeing += 1
        }
        return agreeing
    }
}
