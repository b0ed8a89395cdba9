import APISupport
import Kernel
import MicroHTTP
import Support
import Testing

/// Paths, methods and arguments, right and wrong.
@Suite struct QueryTests {
    @Test(arguments: Scene.Way.allCases)
    func whatIsNotServedIs404AndAnotherMethod405(way: Scene.Way) throws {
        let scene = try Scene("6.1-amd64-movable-dry", way: way)
        for path in ["/nothing", "/zones/", "/zones/0", "/zones/0/DMA/x", "/processes/1/kill", "/-/alive", "/metrics/"] {
            let answer = try scene.ask(.get, path)
            #expect(answer.status == 404, "\(path)")
            #expect(answer.problem == "not_found")
        }
        for (method, path, allow) in [
            (Method.post, "/zones", "GET, HEAD, OPTIONS"), (.delete, "/processes/1", "GET, HEAD, OPTIONS"),
            (.get, "/processes/1/protect", "OPTIONS, POST"), (.put, "/processes/1/unprotect", "OPTIONS, POST"),
        ] {
            let answer = try scene.ask(method, path)
            #expect(answer.status == 405, "\(method) \(path)")
            #expect(answer.problem == "method_not_allowed")
            #expect(answer.headers["Allow"] == allow)
        }
    }

    @Test(arguments: [
        "/zones?nod=0", "/zones/0/DMA?node=0", "/zones/0/DMA/can-serve?orders=1", "/fragmentation?By=order",
        "/oom-kills?limits=1", "/oom-kills/x?limit=1", "/processes?order=rss", "/processes/1?sort=pid",
    ])
    func aNameThatTheRouteDoesNotTakeIs400(target: String) throws {
        let answer = try Scene("6.1-amd64-movable-dry").ask(.get, target)
        #expect(answer.status == 400)
        #expect(answer.problem == "unknown_parameter")
    }

    @Test(arguments: ["/metrics?name[]=x", "/-/healthy?x", "/-/ready?x=1", "/openapi.yaml?x", "/?x"])
    func theServiceRoutesPassOverWhatTheyDoNotKnow(target: String) throws {
        #expect(try Scene("6.1-amd64-movable-dry").ask(.get, target).status == 200)
    }

    @Test(arguments: [
        "/zones?node=x", "/zones?node=-1", "/zones?node=99999999999999999999", "/zones?detail=more", "/zones/0/DMA?detail=",
        "/zones/0/DMA/can-serve?order=32", "/zones/0/DMA/can-serve?order=", "/zones/0/DMA/can-serve?request=atomic",
        "/zones/0/DMA/can-serve?watermark=boost", "/fragmentation?by=zone", "/fragmentation?by=", "/oom-kills?limit=0",
        "/oom-kills?limit=1001", "/oom-kills?limit=1.5", "/oom-kills?cursor=", "/oom-kills?cursor=-1", "/oom-kills?cursor=!",
        "/oom-kills?cgroup=box", "/oom-kills?cgroup=", "/processes?sort=name", "/processes?limit=10001", "/processes?limit=0",
        "/processes?pretty=maybe",
    ])
    func aValueOutOfRangeIs400(target: String) throws {
        let answer = try Scene("6.1-amd64-movable-dry").ask(.get, target)
        #expect(answer.status == 400)
        #expect(answer.problem == "bad_parameter")
    }

    @Test func theProblemSaysPlaceExpectationFindingAndNextStep() throws {
        let answer = try Scene("6.1-amd64-movable-dry").ask(.get, "/oom-kills?limit=ten")
        #expect(
            answer.text == #"{"type":"urn:oomwarden:problem:bad_parameter","title":"Bad Request","status":400,"#
                + #""detail":"query parameter limit: expected a number from 1 to 1000, found \"ten\"","#
                + #""instance":"/oom-kills","next_step":"correct the value"}"# + "\n")
    }

    @Test func zonesAreChosenByNodeAndName() throws {
        let scene = try Scene("6.1-amd64-numa-mempolicy")
        #expect(try scene.ask(.get, "/zones?node=1&zone=DMA32").text.count(of: #""memory_zone":"#) == 1)
        #expect(try scene.ask(.get, "/zones?zone=DMA32").text.count(of: #""memory_zone":"#) == 2)
        #expect(try scene.ask(.get, "/zones?node=1").text.count(of: #""memory_zone":"#) == 5)
        for target in ["/zones?node=2", "/zones?zone=HighMem", "/zones?node=0&zone=dma", "/zones/1/High", "/zones/01/DMA"] {
            let answer = try scene.ask(.get, target)
            #expect(answer.status == 404, "\(target)")
            #expect(answer.problem == "no_such_zone")
            #expect(answer.text.contains("0/DMA, 0/DMA32"))
        }
    }

    /// Node 1: 2649 pages free, min 2357, no swap; bound to it, a request has 292 pages left, which are 1196032 bytes.
    @Test func aNodeJudgesRequestsByItsOwnZones() throws {
        let scene = try Scene("6.1-amd64-numa-mempolicy")
        let bound = try scene.ask(.get, "/zones?node=1").text
        #expect(bound.contains(#"{"request":"user","numa_node":1,"margin_bytes":1196032,"consequence":"oom_kill"}"#))
        #expect(bound.contains(#""id":"margin_nearly_gone""#))
        let free = try scene.ask(.get, "/zones").text
        #expect(free.contains(#"{"request":"user","numa_node":0,"#))
        #expect(free.contains(#""findings":[]"#))
    }

    /// DMA32: 1162 pages free, less 931 min and 0 protection leaves 231; order 8 takes 255 off, order 7 only 127.
    @Test func canServeIsTheKernelsOwnSum() throws {
        let scene = try Scene("6.1-amd64-movable-dry")
        let yes = try scene.ask(.get, "/zones/0/DMA32/can-serve?order=7")
        #expect(yes.text.contains(#""can_serve":true"#))
        #expect(yes.text.contains(#"{"name":"block_less_one","pages":-127,"bytes":-520192}"#))
        let no = try scene.ask(.get, "/zones/0/DMA32/can-serve?order=8")
        #expect(no.text.contains(#""can_serve":false"#))
        #expect(no.text.contains("25 more free pages are needed to be above min and protection"))
        #expect(try scene.ask(.get, "/zones/0/Movable/can-serve").text.contains(#""can_serve":false,"terms":[]"#))
        #expect(try scene.ask(.get, "/zones/0/Movable/can-serve?request=user").text.contains(#""can_serve":true"#))
    }

    @Test func migrateTypesNeedACapability() throws {
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.pageTypes = .failure(.unreadable(path: "/proc/pagetypeinfo", errno: 13))
        let refused = try Scene(machine).ask(.get, "/fragmentation?by=migratetype")
        #expect(refused.status == 403)
        #expect(refused.problem == "missing_capability")
        #expect(refused.text.contains("CAP_DAC_READ_SEARCH"))
        machine.pageTypes = .failure(.absent(path: "/proc/pagetypeinfo"))
        let absent = try Scene(machine).ask(.get, "/fragmentation?by=migratetype")
        #expect(absent.status == 503)
        #expect(absent.problem == "source_absent")
    }
}

extension String {
    func count(of part: String) -> Int { ranges(of: part).count }
}
