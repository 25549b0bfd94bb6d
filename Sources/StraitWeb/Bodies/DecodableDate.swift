internal import FoundationEssentials

/// The dates that are accepted from a client: those in the years 1 to 9999, which calendars and templates can show.
enum DecodableDate {
    private static let seconds = -62_135_596_800.0..<253_402_300_800.0

    /// - Throws: `DecodingError` for a date outside of these years, and for NaN.
    static func check(_ date: Date, _ path: [any CodingKey]) throws {
        guard seconds.contains(date.timeIntervalSince1970) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: path, debugDescription: "The date is outside of the years 1 to 9999."))
        }
    }
}
