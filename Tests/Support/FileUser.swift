import Glibc

/// Runs `body` with the file access of nobody, who has no CAP_DAC_OVERRIDE; false, with the reason printed, where we are not root.
///
/// The file user is the thread's own, so no other test is touched.
public func asNobody(_ body: () throws -> Void) rethrows -> Bool {
    guard geteuid() == 0, let symbol = dlsym(nil, "setfsuid") else {
        print("skipped: not root, so that there is no other user's file to be sure of")
        return false
    }
    let setFileUser = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> Int32).self)
    _ = setFileUser(65534)
    defer { _ = setFileUser(0) }
    try body()
    return true
}
