import MicroHTTP
import Testing

@Suite struct EntityTagTests {
    private let current = EntityTag("4711-93")

    @Test(arguments: [
        (["*"], true),
        ([#""4711-93""#], true),
        ([#""a", "4711-93""#], true),
        ([#""a""#, #""4711-93""#], true),
        ([#""a,b","4711-93""#], true),
        ([#"W/"4711-93""#], false),
        ([#""4711-9""#], false),
        ([#""4711-93 ""#], nil),
        (["4711-93"], nil),
        ([#"*, "a""#], nil),
        ([#""a", b"#], nil),
        ([""], nil),
    ])
    func comparesStrongly(_ values: [String], _ expected: Bool?) throws {
        guard let expected else {
            let fault = #expect(throws: HTTPFault.self) { try IfMatch(parsing: values) }
            #expect(fault?.status == .badRequest)
            #expect(fault?.closesConnection == false)
            return
        }
        #expect(try IfMatch(parsing: values)?.holds(for: current) == expected)
    }

    @Test func asksNothingWhereThereIsNoField() throws { #expect(try Request(.get, "/").ifMatch() == nil) }

    @Test func holdsForNoWeakState() throws {
        #expect(try IfMatch(parsing: [#"W/"a""#])?.holds(for: EntityTag("a", isWeak: true)) == false)
        #expect(EntityTag("a", isWeak: true).description == #"W/"a""#)
        #expect(EntityTag(parsing: #"W/"a""#) == EntityTag("a", isWeak: true))
    }
}
