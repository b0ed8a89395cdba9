import Glibc

/// Runs `body` on a thread that has no descriptor left: whatever opens something there meets EMFILE. The other threads keep
/// theirs.
///
/// - Parameter prepare: called first, with descriptors of the thread's own.
public func withoutDescriptors<Value: Sendable, Prepared>(
    preparing prepare: @escaping @Sendable () throws -> Prepared, _ body: @escaping @Sendable (Prepared) throws -> Value
) throws -> Value {
    let run = Run { () throws -> any Sendable in
        guard unshareFiles() == 0 else { throw NotInTime() }
        let prepared = try prepare()
        while dup(2) >= 0 {}
        return try body(prepared)
    }
    var thread = pthread_t()
    let started = pthread_create(&thread, nil, start, Unmanaged.passRetained(run).toOpaque())
    guard started == 0 else { throw NotInTime() }
    pthread_join(thread, nil)
    guard let value = try run.result?.get() as? Value else { throw NotInTime() }
    return value
}

/// Swift's Glibc does not have unshare(2).
private func unshareFiles() -> Int32 {
    guard let unshare = dlsym(nil, "unshare") else { return -1 }
    let cloneFiles: Int32 = 0x400
    return unsafeBitCast(unshare, to: (@convention(c) (Int32) -> Int32).self)(cloneFiles)
}

private final class Run: @unchecked Sendable {
    let body: @Sendable () throws -> any Sendable
    var result: Result<any Sendable, any Error>?

    init(_ body: @escaping @Sendable () throws -> any Sendable) { self.body = body }
}

private func start(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let run = Unmanaged<Run>.fromOpaque(argument).takeRetainedValue()
    run.result = Result { try run.body() }
    return nil
}
