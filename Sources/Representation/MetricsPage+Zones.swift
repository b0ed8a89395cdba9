import Diagnosis
import Kernel

// A zone is a large value: the loops here go by index, so that nothing of it is copied for each sample.

extension MetricsPage {
    func write(_ text: inout PrometheusText, _ assessment: Assessment) {
        let zones = LabelledZones(assessment.zones)
        writeAmounts(&text, zones)
        writeWatermarks(&text, zones)
        writeProtections(&text, zones, assessment.types)
        text.family(Metrics.zoneHeadroom)
        for (index, labels) in zones.labels {
            text.row(labels, "request")
            for headroom in zones.all[index].headroom { text.sample(headroom.request.label, bytes(headroom.now)) }
        }
        text.family(Metrics.requestMargin)
        text.row([], "request")
        for request in assessment.requests {
            if let margin = request.margin { text.sample(request.request.label, bytes(margin)) }
        }
        text.family(Metrics.lowZoneDry)
        text.sample(assessment.lowZoneIsDry ? 1 : 0)
    }

    private func writeAmounts(_ text: inout PrometheusText, _ zones: LabelledZones) {
        text.family(Metrics.zoneFree)
        for (index, labels) in zones.labels { text.sample(labels, bytes(zones.all[index].zone.free)) }
        text.family(Metrics.zoneManaged)
        for (index, labels) in zones.labels {
            if let managed = zones.all[index].zone.managed { text.sample(labels, bytes(managed)) }
        }
        text.family(Metrics.zonePerCPU)
        for (index, labels) in zones.labels { text.sample(labels, bytes(zones.all[index].zone.perCPU)) }
    }

    private func writeWatermarks(_ text: inout PrometheusText, _ zones: LabelledZones) {
        text.family(Metrics.zoneWatermark)
        for (index, labels) in zones.labels {
            let watermarks = zones.all[index].zone.watermarks
            text.row(labels, "watermark")
            text.sample("min", bytes(watermarks.min))
            text.sample("low", bytes(watermarks.low))
            text.sample("high", bytes(watermarks.high))
            if let promo = watermarks.promo { text.sample("promo", bytes(promo)) }
        }
        guard zones.labels.contains(where: { zones.all[$0.index].zone.watermarks.boost != nil }) else { return }
        text.family(Metrics.zoneBoost)
        for (index, labels) in zones.labels {
            if let boost = zones.all[index].zone.watermarks.boost { text.sample(labels, bytes(boost)) }
        }
    }

    private func writeProtections(_ text: inout PrometheusText, _ zones: LabelledZones, _ types: ZoneTypes) {
        text.family(Metrics.zoneProtection)
        for (index, labels) in zones.labels {
            text.row(labels, "against")
            let zone = zones.all[index].zone
            for column in zone.protection.indices where zone.mayHoldProtection(column, types) {
                text.sample(types.name(of: column), bytes(zone.protection[column]))
            }
        }
    }

    func write(_ text: inout PrometheusText, _ areas: [FreeAreas]) {
        let zones = areas.map(LabelledAreas.init)
        text.family(Metrics.freeBlocks)
        for zone in zones {
            text.row(zone.labels, "order")
            for order in zone.blocks.indices { text.sample(order, zone.blocks[order]) }
        }
        text.family(Metrics.unusable)
        for zone in zones {
            text.row(zone.labels, "order")
            for index in zone.indexes { text.sample(index.order.rawValue, thousandths: index.unusable) }
        }
        if zones.contains(where: { $0.indexes.contains { $0.index != nil } }) {
            text.family(Metrics.fragmentation)
            for zone in zones {
                text.row(zone.labels, "order")
                for row in zone.indexes {
                    if let index = row.index { text.sample(row.order.rawValue, thousandths: index) }
                }
            }
        }
        text.family(Metrics.largestOrder)
        for zone in zones { text.sample(zone.labels, zone.largestFreeOrder) }
    }

    func bytes(_ pages: Pages) -> Int { Bytes(pages, of: snapshot.pageSize).count }
}

/// The populated zones with their labels, rendered once.
private struct LabelledZones {
    let all: [ZoneAssessment]
    let labels: [(index: Int, labels: [UInt8])]

    init(_ zones: [ZoneAssessment]) {
        all = zones
        var labels: [(index: Int, labels: [UInt8])] = []
        labels.reserveCapacity(zones.count)
        for index in zones.indices where zones[index].zone.isPopulated {
            labels.append((index, PrometheusText.labels(of: zones[index].zone.id)))
        }
        self.labels = labels
    }
}

/// The free lists of a zone with its labels and indexes.
private struct LabelledAreas {
    let blocks: [Int]
    let labels: [UInt8]
    let indexes: [FragmentationIndex]
    let largestFreeOrder: Int

    init(_ areas: FreeAreas) {
        blocks = areas.blocks
        labels = PrometheusText.labels(of: areas.id)
        indexes = FragmentationIndex.all(of: areas)
        largestFreeOrder = areas.largestFreeOrder?.rawValue ?? -1
    }
}

extension AllocationRequest {
    fileprivate var label: StaticString {
        switch self {
        case .user: "user"
        case .kernel: "kernel"
        case .dma32: "dma32"
        case .dma: "dma"
        }
    }
}
