public import FoundationEssentials
internal import StraitCore
internal import StraitJSON

/// The expiry of a session, for ``Session/setExpiry(_:)``; the argument of Django's `set_expiry`.
public enum SessionExpiry: Sendable, Hashable {
    /// The session ends after this many seconds without a change.
    case seconds(Int)
    /// The session ends at this time.
    case date(Date)
    /// The session ends when the browser closes.
    case browserClose
    /// The session ends according to the settings.
    case standard
}

/// The expiry of a session as stored under `_session_expiry`: a number of seconds, a time, or nil for that of the
/// settings.
enum StoredExpiry: Sendable, Hashable {
    case seconds(Int)
    case date(Date)

    static let name = "_session_expiry"

    /// Reads the stored JSON. Returns nil for text that is not a date.
    init?(_ json: Bytes?) {
        guard let json else { return nil }
        if let seconds = try? JSONCoder().decode(Int.self, from: json) {
            self = .seconds(seconds)
        } else if let text = try? JSONCoder().decode(String.self, from: json), let date = Self.date(text) {
            self = .date(date)
        } else {
            return nil
        }
    }

    /// The JSON that Django stores.
    var json: Bytes? {
        switch self {
        case .seconds(let seconds): try? JSONCoder().encode(seconds)
        case .date(let date): try? JSONCoder().encode(Self.text(date))
        }
    }

    /// Returns Python's `isoformat` of a date in UTC.
    static func text(_ date: Date) -> String {
        let total = Int((date.timeIntervalSince1970 * 1_000_000).rounded().clamped)
        let seconds = total.floored(by: 1_000_000)
        let day = CivilDate(daysSinceEpoch: seconds.floored(by: 86_400))
        let rest = seconds.modulo(86_400)
        return ISODateText.date(day) + "T"
            + ISODateText.time(
                hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60, microsecond: total.modulo(1_000_000))
            + "+00:00"
    }

    /// Reads Python's `isoformat`. A time without an offset is in UTC.
    static func date(_ text: String) -> Date? {
        guard let read = ISODateTime.read(text) else { return nil }
        let days = CivilDate(year: read.date.year, month: read.date.month, day: read.date.day).daysSinceEpoch
        let time = (read.time.hour * 60 + read.time.minute) * 60 + read.time.second - (read.utcOffset ?? 0)
        return Date(timeIntervalSince1970: Double(days * 86_400 + time) + Double(read.time.microsecond) / 1_000_000)
    }
}

extension Double {
    /// The nearest number of microseconds within the range of Python's dates.
    fileprivate var clamped: Double { isNaN ? 0 : min(max(self, -62_135_596_800e6), 253_402_300_799e6) }
}
