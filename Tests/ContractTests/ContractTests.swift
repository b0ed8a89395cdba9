import APISupport
import Foundation
import Kernel
import Logging
import MicroHTTP
import Support
import Testing

@testable import API

/// openapi.yaml says what the program does, and the program does what openapi.yaml says.
@Suite struct ContractTests {
    @Test func itsPathsAndMethodsAreTheRouteTables() throws {
        let described = try OpenAPI.read().operations.map { "\($0.method.uppercased()) \($0.path)" }
        let served = try Scene("6.1-amd64-movable-dry").routes.all.map { "\($0.method.token) \($0.pattern)" }
        #expect(described.sorted() == served.sorted())
        #expect(!served.isEmpty)
    }

    @Test func theDaemonServesIt() throws {
        let answer = try Scene("6.1-amd64-movable-dry").ask(.get, "/openapi.yaml")
        #expect(answer.headers["Content-Type"] == "application/yaml")
        #expect(answer.body == [UInt8](try Data(contentsOf: OpenAPI.file)))
    }

    @Test func everyGoldenDocumentFitsItsSchema() throws {
        let openAPI = try OpenAPI.read()
        let schemas = [
            "zones": "ZonesDocument", "zones-full": "ZonesDocument", "zones-node1": "ZonesDocument",
            "fragmentation": "FragmentationDocument", "fragmentation-migratetype": "MigrateTypesDocument",
            "oom-kills": "OOMKillsDocument", "oom-kill": "OOMEventDetail", "analysis": "AnalysisDocument",
            "diagnosis": "DiagnosisDocument", "victims": "VictimsDocument", "what-if": "WhatIfDocument",
            "cgroups": "CgroupsDocument", "capabilities": "CapabilitiesDocument",
            "processes": "ProcessesDocument", "ready": "HealthDocument",
            "history": "HistoryDocument", "timeline": "TimelineDocument", "stall": "Stall", "zone-state": "ZoneChange",
        ]
        let documents = try Golden.all().filter { $0.hasSuffix(".json") }
        #expect(documents.count >= 12)
        for name in documents {
            let kind = String(name.dropLast(".json".count).split(separator: "/").last ?? "")
            let schema = try #require(schemas[kind].flatMap(openAPI.schema), "\(name) has no schema here")
            let document = try YAML(parsing: String(decoding: try Golden(name).bytes(), as: UTF8.self))
            #expect(openAPI.violations(of: document, against: schema) == [], "\(name)")
        }
    }

    /// A property that no capture shows would be a promise that nothing keeps.
    @Test func everyPropertyIsSeenInSomeAnswer() throws {
        let openAPI = try OpenAPI.read()
        var seen: Set<String> = []
        for name in try Golden.all() where name.hasSuffix(".json") {
            collectKeys(try YAML(parsing: String(decoding: try Golden(name).bytes(), as: UTF8.self)), into: &seen)
        }
        let targets = [
            "/zones/0/DMA32/can-serve", "/nothing", "/oom-kills/stats", "/explain?comm=mysqld&at=1m",
            "/explain?comm=x&at=2010-01-01T00:00:00Z", "/audit",
        ]
        for (method, target) in targets.map({ (Method.get, $0) }) {
            let answer = try Scene("6.1-amd64-movable-dry").ask(method, target)
            collectKeys(try YAML(parsing: answer.text), into: &seen)
        }
        let log = Array(Self.oldLog.utf8)
        let analysis = try Scene("6.1-amd64-movable-dry").ask(.post, "/oom-kills/analyze", body: log)
        collectKeys(try YAML(parsing: analysis.text), into: &seen)
        seen.formUnion(["command_line", "comm_hex"])
        let ofActions: Set = [
            "WhatIfOrder", "ProtectionOrder", "ProtectionDocument", "Standing", "Lease", "ReleaseDocument",
            "LeasesDocument", "AuditEntry",
            "PolicyOrder", "Policy", "PolicyMatch", "PolicyDocument", "PoliciesDocument", "PolicyChangeDocument",
            "ReloadDocument",
            "ProcessWatching",
        ]
        for schema in openAPI.root["components"]?["schemas"]?.members ?? [] where !ofActions.contains(schema.key) {
            for property in schema.value["properties"]?.keys ?? [] {
                #expect(seen.contains(property), "\(schema.key).\(property)")
            }
        }
    }

    @Test(arguments: [
        (Method.get, "/zones", "/zones"), (.get, "/zones?detail=full", "/zones"), (.get, "/zones?node=7", "/zones"),
        (.get, "/zones?x", "/zones"), (.get, "/zones/0/DMA", "/zones/{node}/{zone}"),
        (.get, "/zones/0/DMA?detail=full", "/zones/{node}/{zone}"), (.get, "/zones/9/DMA", "/zones/{node}/{zone}"),
        (.get, "/zones/0/DMA/can-serve?order=4&watermark=low", "/zones/{node}/{zone}/can-serve"),
        (.get, "/zones/0/Movable/can-serve?request=dma", "/zones/{node}/{zone}/can-serve"),
        (.get, "/diagnosis", "/diagnosis"), (.get, "/diagnosis?x", "/diagnosis"),
        (.get, "/fragmentation", "/fragmentation"), (.get, "/fragmentation?by=migratetype", "/fragmentation"),
        (.get, "/fragmentation?by=x", "/fragmentation"), (.get, "/oom-kills", "/oom-kills"),
        (.get, "/oom-kills?limit=1", "/oom-kills"),
        (.get, "/oom-kills?cursor=?", "/oom-kills"), (.get, "/oom-kills/\(Scene.bootID)-519", "/oom-kills/{id}"),
        (.get, "/oom-kills/x", "/oom-kills/{id}"), (.post, "/oom-kills/analyze", "/oom-kills/analyze"),
        (.post, "/oom-kills/analyze?x", "/oom-kills/analyze"), (.get, "/oom-kills?kind=no_kill,kill", "/oom-kills"),
        (.get, "/oom-kills?kind=murder", "/oom-kills"), (.get, "/oom-kills?since=7d&cause=memcg_limit", "/oom-kills"),
        (.get, "/oom-kills?since=yesterday", "/oom-kills"), (.get, "/oom-kills/stats", "/oom-kills/stats"),
        (.get, "/oom-kills/stats?by=comm&window=24h", "/oom-kills/stats"), (.get, "/oom-kills/stats?by=x", "/oom-kills/stats"),
        (.get, "/explain?comm=mysqld&at=1m", "/explain"), (.get, "/explain?pid=1&at=2010-01-01T00:00:00Z", "/explain"),
        (.get, "/explain?at=1m", "/explain"), (.get, "/explain?pid=0&at=1m", "/explain"), (.get, "/explain?pid=1", "/explain"),
        (.get, "/processes", "/processes"),
        (.get, "/processes/102", "/processes/{pid}"),
        (.get, "/processes/7", "/processes/{pid}"), (.post, "/processes/1/protect", "/processes/{pid}/protect"),
        (.post, "/processes/1/unprotect", "/processes/{pid}/unprotect"), (.get, "/-/healthy", "/-/healthy"),
        (.get, "/-/ready", "/-/ready"), (.put, "/zones", "/zones"), (.get, "/history", "/history"),
        (.get, "/history?from=-1m&step=5s", "/history"), (.get, "/history?from=yesterday", "/history"),
        (.get, "/oom-kills/\(Scene.bootID)-427/timeline", "/oom-kills/{id}/timeline"),
        (.get, "/oom-kills/x/timeline", "/oom-kills/{id}/timeline"),
        (.get, "/oom-kills/stream?after=x", "/oom-kills/stream"),
        (.get, "/victims", "/victims"), (.get, "/victims?limit=2&numa_nodes=0", "/victims"),
        (.get, "/victims?cgroup=/none", "/victims"), (.get, "/victims?x", "/victims"),
        (.post, "/victims/what-if", "/victims/what-if"), (.post, "/victims/what-if?x", "/victims/what-if"),
        (.get, "/audit", "/audit"), (.get, "/audit?limit=0", "/audit"), (.get, "/audit?result=done&since=7d", "/audit"),
        (.get, "/capabilities", "/capabilities"), (.get, "/capabilities?x", "/capabilities"),
        (.get, "/leases", "/leases"), (.get, "/leases?all", "/leases"), (.get, "/leases?x", "/leases"),
        (.delete, "/leases/l-0", "/leases/{id}"), (.get, "/cgroups", "/cgroups"), (.get, "/cgroups?sort=x", "/cgroups"),
        (.get, "/policies", "/policies"), (.get, "/policies/database", "/policies/{name}"),
        (.get, "/policies/none", "/policies/{name}"), (.post, "/-/reload", "/-/reload"),
    ])
    func everyAnswerFitsWhatIsSaidOfIt(method: Method, target: String, path: String) throws {
        let openAPI = try OpenAPI.read()
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.processRoot = Fixture("6.1-amd64-global-order0").root
        for token in [nil, Scene.token] {
            var headers = Headers()
            if let token { headers.append("Authorization", "Bearer \(token)") }
            let answer = try Scene(machine).ask(method, target, headers: headers)
            let operation = try #require(openAPI.operation(method == .put ? "get" : method.token.lowercased(), path))
            let response = try #require(openAPI.response(operation, status: answer.status), "\(answer.status) is not described")
            let type = try #require(answer.headers["Content-Type"])
            let schema = try #require(
                openAPI.schema(of: response, mediaType: type), "\(answer.status) is not described as \(type)")
            #expect(openAPI.violations(of: try YAML(parsing: answer.text), against: schema) == [])
            let described = (response["headers"]?.keys ?? []).filter { $0 != "Content-Encoding" && $0 != "Allow" }
            for name in described { #expect(answer.headers.contains(name), "\(name)") }
        }
    }

    /// What no capture of a newer kernel has: two lines for a kill, slab caches, huge pages.
    private static let oldLog = """
        x invoked oom-killer: gfp_mask=0x24201ca(GFP_HIGHUSER_MOVABLE|__GFP_COLD), order=0, oom_score_adj=0
        CPU: 0 PID: 7 Comm: x Not tainted 4.19.0-5-amd64 #1
        Mem-Info:
        Node 0 hugepages_total=4 hugepages_free=4 hugepages_surp=0 hugepages_size=2048kB
        Unreclaimable slab info:
        Name                      Used          Total
        kmalloc-512              1024KB       2048KB
        Out of memory: Kill process 9 (parent) score 850 or sacrifice child
        Killed process 11 (child) total-vm:4096kB, anon-rss:1024kB, file-rss:4kB, shmem-rss:0kB

        """

    /// A wrong name is answered with those that the route takes.
    @Test func theParametersOfARouteAreThoseThatItTakes() throws {
        let openAPI = try OpenAPI.read()
        let scene = try Scene("6.1-amd64-global-order0")
        for operation in openAPI.operations where operation.method == "get" && !openAPI.queryParameters(of: operation).isEmpty {
            let answer = try scene.ask(.get, Self.target(operation) + "?no_such_name")
            guard answer.status == 400 else { continue }
            let taken = try #require(answer.text.firstMatch(of: /expected one of ([a-z_, ]+), found/)).1
            let described = openAPI.queryParameters(of: operation).compactMap { $0["name"]?.text }
            #expect(described.sorted().joined(separator: ", ") == taken, "\(operation.path)")
        }
    }

    @Test func theValuesOfAParameterAreThoseThatAreTaken() throws {
        let openAPI = try OpenAPI.read()
        let scene = try Scene("6.1-amd64-global-order0")
        // `/explain` has no answer without two of its parameters at once.
        for operation in openAPI.operations where operation.method == "get" && operation.path != "/explain" {
            let target = Self.target(operation)
            #expect(try scene.ask(.get, target).status == 200, "\(target)")
            for parameter in openAPI.queryParameters(of: operation) {
                let (name, values) = (try #require(parameter["name"]?.text), openAPI.values(of: parameter))
                for value in values.good {
                    let answer = try scene.ask(.get, "\(target)?\(name)=\(value)")
                    #expect(answer.problem != "bad_parameter", "\(operation.path) \(name)=\(value)")
                }
                for value in values.bad {
                    let answer = try scene.ask(.get, "\(target)?\(name)=\(value)")
                    #expect(answer.problem == "bad_parameter", "\(operation.path) \(name)=\(value)")
                }
            }
        }
    }

    /// A path with something that is there in the place of each parameter.
    private static func target(_ operation: OpenAPI.Operation) -> String {
        let values = ["{name}": "database", "{node}": "0", "{zone}": "DMA32", "{pid}": "102", "{id}": "\(Scene.bootID)-427"]
        return values.reduce(operation.path) { $0.replacing($1.key, with: $1.value) }
    }

    @Test func everyExampleFitsItsSchema() throws {
        let openAPI = try OpenAPI.read()
        var count = 0
        func check(_ value: YAML, at path: String) {
            if let schema = value["schema"], let example = value["example"] {
                count += 1
                if example.members.isEmpty == false { #expect(openAPI.violations(of: example, against: schema) == [], "\(path)") }
            }
            for example in value["examples"]?.members ?? [] {
                count += 1
                let value = (value["schema"], example.value["value"])
                if case (let schema?, let document?) = value {
                    #expect(openAPI.violations(of: document, against: schema) == [], "\(path)")
                }
            }
            for member in value.members where member.key != "example" { check(member.value, at: "\(path)/\(member.key)") }
            for (index, element) in value.elements.enumerated() { check(element, at: "\(path)/\(index)") }
        }
        check(openAPI.root, at: "")
        #expect(count > 12)
    }

    @Test func everyKindOfFaultIsDescribed() throws {
        let described = try OpenAPI.read().problemTypes
        let problems = ProblemResponses(logger: Logger(label: "contract"))
        for kind in HTTPFault.Kind.allCases {
            let response = problems.response(to: HTTPFault(kind, "x"), nil)
            let type = try #require(try YAML(parsing: String(decoding: response.body.bytes, as: UTF8.self))["type"]?.text)
            #expect(described.contains(type))
        }
    }

    /// The names stand in the sources as the second argument of a refusal.
    @Test func everyProblemOfTheSourcesIsDescribedAndNoOther() throws {
        let sources = OpenAPI.file.deletingLastPathComponent().appendingPathComponent("Sources/API")
        var used: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: sources.path) where file.hasSuffix(".swift") {
            let text = String(decoding: try Data(contentsOf: sources.appendingPathComponent(file)), as: UTF8.self)
            for match in text.matches(of: /\.[a-zA-Z]+,\s*"([a-z_]+)"/) { used.insert("urn:oomwarden:problem:\(match.1)") }
            for match in text.matches(of: /case \.[a-zA-Z]+: "([a-z]+_[a-z_]+)"/) {
                used.insert("urn:oomwarden:problem:\(match.1)")
            }
        }
        #expect(try OpenAPI.read().problemTypes == used)
    }

    private func collectKeys(_ value: YAML, into keys: inout Set<String>) {
        keys.formUnion(value.keys)
        for member in value.members { collectKeys(member.value, into: &keys) }
        for element in value.elements { collectKeys(element, into: &keys) }
    }
}
