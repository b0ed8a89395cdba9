import API
import APISupport
import Kernel
import MicroHTTP
import Support
import Testing

/// Changes of policies answer as openapi.yaml says; the processes are those of this machine, which are not touched.
@Suite struct PolicyContractTests {
    @Test func everyChangeFitsWhatIsSaidOfIt() throws {
        let child = try Child.sleeping()
        let scene = try Self.scene()
        let body = #"{"match": {"comm": "sleep", "role": "any"}, "oom_score_adj": 300, "children": "inherit", "priority": 7}"#
        try check(scene, "put", "?dry_run", body, status: 200) { text in
            #expect(text.contains(#""change":"created","dry_run":true"#))
            #expect(text.contains(#"{"pid":\#(child.id),"comm":"sleep","unit":"#))
        }
        try check(scene, "get", "", status: 404)
        try check(scene, "put", "", body, status: 201)
        try check(scene, "put", "", body, status: 200) { #expect($0.contains(#""change":"unchanged""#)) }
        try check(scene, "get", "", status: 200)
        try check(scene, "delete", "", status: 200)
        try check(scene, "delete", "", status: 404)
        try check(scene, "put", "", #"{"match": {"comm": "sleep"}, "oom_score_adj": -300}"#, status: 422)
        try check(scene, "put", "", "{", status: 400)
    }

    private func check(
        _ scene: Scene, _ method: String, _ query: String, _ body: String = "", status: Int, _ more: (String) -> Void = { _ in }
    ) throws {
        let headers: Headers = ["Authorization": "Bearer \(Scene.token)", "Content-Type": "application/json"]
        let answer = try scene.ask(
            Method(method.uppercased()), "/policies/naps\(query)", headers: headers, body: Array(body.utf8))
        #expect(answer.status == status, "\(method) \(answer.text)")
        let openAPI = try OpenAPI.read()
        let operation = try #require(openAPI.operation(method, "/policies/{name}"))
        let response = try #require(openAPI.response(operation, status: answer.status))
        let type = try #require(answer.headers["Content-Type"])
        let schema = try #require(openAPI.schema(of: response, mediaType: type))
        #expect(openAPI.violations(of: try YAML(parsing: answer.text), against: schema) == [])
        more(answer.text)
    }

    private static func scene() throws -> Scene {
        var machine = try Scene.Machine(Fixture("6.1-amd64-movable-dry"))
        machine.processRoot = ""
        machine.actions = .on
        return try Scene(machine)
    }
}
