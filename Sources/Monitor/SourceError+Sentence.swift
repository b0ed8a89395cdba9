public import Kernel

extension SourceError {
    /// Of a file that somebody has named: without the path where the error of its text has the name already.
    public var sentence: String {
        switch self {
        case .malformed(_, let error): error.description
        case .absent(let path): "\(path): there is no such file"
        default: description
        }
    }
}
