import Foundation

/// What gzip(1) of the system makes of a compressed body.
public func gunzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    try directory.write(bytes, to: "body.gz")
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
    gzip.arguments = ["-dc", directory.path + "/body.gz"]
    let output = Pipe()
    gzip.standardOutput = output
    try gzip.run()
    let result = output.fileHandleForReading.readDataToEndOfFile()
    gzip.waitUntilExit()
    guard gzip.terminationStatus == 0 else { throw NotGzip() }
    return [UInt8](result)
}

public struct NotGzip: Error {}
