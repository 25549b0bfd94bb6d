internal import FoundationEssentials

/// Checks dates from clients: only the years 1 to 9999 are accepted, as calendars and templates can show no others.
enum DecodableDate {
    private static let seconds = -62_135_596_800.0..<253_402_300_800.0

    /// Checks that `date` is in these years.
    ///
    /// - Throws: `DecodingError` for a date outside these years, and for NaN.
    static func check(_ date: Date, _ path: [any CodingKey]) throws {
        guard seconds.contains(date.timeIntervalSince1970) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: path, debugDescription: "The date is outside of the years 1 to 9999."))
        }
    }
}
