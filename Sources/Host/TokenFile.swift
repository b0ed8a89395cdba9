import Glibc
public import Kernel

/// The bearer token: 256 random bits as 64 hexadecimal digits in a file that only its owner may read.
public enum TokenFile {
    /// Why there is no token.
    public enum TokenError: Error, Sendable, CustomStringConvertible {
        case file(SourceError)
        /// Others than the owner may read or write the file.
        case looseMode(path: String, mode: UInt32)
        /// Others may replace the file: whoever does chooses the token.
        case looseDirectory(path: String, mode: UInt32)
        /// It belongs to another user than the daemon's.
        case foreignOwner(path: String, owner: UInt32)
        /// A link, a pipe or a directory.
        case noFile(path: String)
        /// It is not what was written at first start.
        case malformed(path: String)
        /// A line of the table is none of ours; none of its tokens counts then.
        case malformedTable(path: String, ParseError)

        /// No descriptor or no memory was free: the next try may find one.
        public var mayPass: Bool {
            guard case .file(.unreadable(_, let errno)) = self else { return false }
            return [EMFILE, ENFILE, ENOMEM].contains(errno)
        }

        public var description: String {
            switch self {
            case .file(let error): "\(error)"
            case .looseMode(let path, let mode):
                "\(path): mode is 0\(String(mode, radix: 8)), expected 0600: others could read the token; run 'chmod 600 \(path)', "
                    + "or delete it for a new one"
            case .looseDirectory(let path, let mode):
                "\(path): mode is 0\(String(mode, radix: 8)), expected that only its owner may write: others could replace the "
                    + "token; run 'chmod go-w \(path)', or use another --state-dir"
            case .foreignOwner(let path, let owner):
                "\(path): belongs to user \(owner), expected the daemon's own user; delete it for a new one"
            case .noFile(let path): "\(path): expected a regular file, found a link or something else; delete it for a new one"
            case .malformed(let path): "\(path): expected at least 32 letters or digits; delete it for a new one"
            case .malformedTable(let path, let error): "\(path): \(error); correct the line, or delete it"
            }
        }
    }

    /// Reads the token, or makes one where there is no file.
    ///
    /// - Throws: where the file or its directory is open to others, is not the daemon's, or holds no token.
    public static func readOrCreate(in directory: String) throws(TokenError) -> [UInt8] {
        let path = directory + "/token"
        try check(directory: directory)
        do { return try read(path) } catch TokenError.file(.absent) { return try create(path, in: directory) }
    }

    /// - Returns: whom it belongs to.
    @discardableResult
    static func check(directory: String) throws(TokenError) -> uid_t {
        var status = stat()
        guard stat(directory, &status) == 0 else { throw .file(SourceError(path: directory, errno: errno)) }
        guard status.st_mode & 0o022 == 0 else {
            throw .looseDirectory(path: directory, mode: status.st_mode & 0o7777)
        }
        return status.st_uid
    }

    private static func read(_ path: String) throws(TokenError) -> [UInt8] {
        try token(in: try readChecked(path, atMost: 256)[...], path)
    }

    /// A pipe in its place must not hold up the start, nor a link lead elsewhere.
    ///
    /// - Parameter owner: who may own it beside us and root.
    static func readChecked(_ path: String, atMost limit: Int, owner: uid_t? = nil) throws(TokenError) -> [UInt8] {
        let file: FileDescriptor
        do { file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW) } catch {
            if case .unreadable(_, ELOOP) = error { throw .noFile(path: path) }
            throw .file(error)
        }
        try check(file, path, owner)
        var buffer = [UInt8](repeating: 0, count: limit)
        let count: Int
        do { count = try file.read(into: &buffer, from: 0, path: path) } catch { throw .file(error) }
        return Array(buffer[..<count])
    }

    private static func check(_ file: borrowing FileDescriptor, _ path: String, _ owner: uid_t?) throws(TokenError) {
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw .file(SourceError(path: path, errno: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .noFile(path: path) }
        guard [geteuid(), 0, owner].contains(status.st_uid) else { throw .foreignOwner(path: path, owner: status.st_uid) }
        guard status.st_mode & 0o077 == 0 else { throw .looseMode(path: path, mode: status.st_mode & 0o7777) }
    }

    private static func token(in text: ArraySlice<UInt8>, _ path: String) throws(TokenError) -> [UInt8] {
        let token = text.prefix { $0 > UInt8(ascii: " ") && $0 < 0x7f }
        guard token.count >= 32, text.dropFirst(token.count).allSatisfy({ $0 == UInt8(ascii: "\n") }) else {
            throw .malformed(path: path)
        }
        return Array(token)
    }

    /// Written aside and linked into place: a start that is cut short leaves no empty token, and of two the first one's counts.
    private static func create(_ path: String, in directory: String) throws(TokenError) -> [UInt8] {
        let token = randomToken()
        let aside = "\(directory)/.token-\(getpid())"
        unlink(aside)
        let opened = retryingInterrupts { Int(open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)) }
        guard opened >= 0 else { throw .file(.unreadable(path: aside, errno: errno)) }
        defer {
            close(Int32(opened))
            unlink(aside)
        }
        let line = token + [UInt8(ascii: "\n")]
        let written = line.withUnsafeBytes { bytes in retryingInterrupts { write(Int32(opened), bytes.baseAddress, bytes.count) }
        }
        guard written == line.count, fsync(Int32(opened)) == 0 else { throw .file(.unreadable(path: aside, errno: errno)) }
        if link(aside, path) == 0 { return token }
        guard errno == EEXIST else { throw .file(.unreadable(path: path, errno: errno)) }
        return try read(path)
    }

    /// 256 bits of the kernel's generator, as 64 hexadecimal digits.
    public static func randomToken() -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<4).flatMap { _ in
            let digits = Array(String(random.next(), radix: 16).utf8)
            return [UInt8](repeating: UInt8(ascii: "0"), count: 16 - digits.count) + digits
        }
    }
}
