/// A name that people give to a thing of theirs and that can stand in a path, a line or a log as it is: 1 to 64 letters of ASCII,
/// digits and a few marks.
public enum PlainName {
    public static func isOne(_ text: String, marks: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { isLetterOrDigit($0) || marks.utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
