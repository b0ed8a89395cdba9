import Foundation

/// Waits until `condition` holds, at most `seconds`; false if it did not come true.
public func eventually(within seconds: Double, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ProcessInfo.processInfo.systemUptime + seconds
    while try !condition() {
        guard ProcessInfo.processInfo.systemUptime < deadline else { return false }
        usleep(2_000)
    }
    return true
}
