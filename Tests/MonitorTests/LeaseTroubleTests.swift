import Kernel
import Monitor
import Store
import Support
import Testing

/// What goes wrong underneath, or happens at the same time.
@Suite struct LeaseTroubleTests {
    private let child: Child
    private let floor: Int

    init() throws {
        child = try Child.sleeping()
        floor = try adjustment(of: child.id)
    }

    /// The disk was full when the lease was ended, and is not any more.
    @Test func anEndedLeaseIsWrittenDownAtTheStop() throws {
        let scene = try LeaseScene()
        _ = try scene.keeper.protect(child.id, 600)
        try scene.withoutStore { _ = try scene.keeper.unprotect(child.id) }
        #expect(try scene.trail.store.leases().count == 1)
        scene.keeper.stop()
        try scene.restart()
        #expect(try scene.keeper.leases().isEmpty)
        #expect(try adjustment(of: child.id) == floor)
    }

    /// Nothing would end any more.
    @Test func theThreadOutlivesAWaitThatFails() throws {
        let run = try RunningProgram([Storm.path("Protector"), "deaf"])
        #expect(try run.end(within: 60) == .exit(0), "\(run.errors.text)")
        #expect(run.output.wholeText() == "deaf ended\n")
    }
}
