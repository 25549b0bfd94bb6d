internal import Foundation

/// Conversions between UTC and the local time of a time zone.
enum ZoneRules {
    /// Returns the local time in `zone` for `moment`, in microseconds since 1970.
    static func local(moment: Int, _ zone: TimeZone) -> TemplateDate {
        TemplateDate(moment: moment, zone: self.zone(at: moment.floored(by: 1_000_000), zone))
    }

    /// Returns the offset and name of `zone` at `seconds` since 1970.
    static func zone(at seconds: Int, _ zone: TimeZone) -> TemplateDate.Zone {
        let date = Date(timeIntervalSince1970: Double(seconds))
        let offset = zone.secondsFromGMT(for: date)
        let isSaving = zone.isDaylightSavingTime(for: date)
        let name =
            ZoneNames.name(of: zone.identifier, offset: offset, isDaylightSaving: isSaving, at: seconds)
            ?? fixed(offset)
        return TemplateDate.Zone(offset: offset, name: name, isDaylightSaving: isSaving)
    }

    /// Returns Python's name for a zone with a fixed offset.
    private static func fixed(_ offset: Int) -> String {
        guard offset != 0 else { return "UTC" }
        let minutes = abs(offset) / 60
        return
            """
            UTC\(offset < 0 ? "-" : "+")\
            \(TemplateDate.padded(minutes / 60, 2)):\(TemplateDate.padded(minutes % 60, 2))
            """
    }

    /// Returns the zone in effect at the local time `date`. For a local time that occurs twice, it is the first zone.
    /// For one that is skipped, it is the zone before the gap.
    static func firstZone(ofWall date: TemplateDate, _ zone: TimeZone) -> TemplateDate.Zone {
        self.zone(ofWall: date, zone) ?? self.zone(at: date.wall.floored(by: 1_000_000) - 86_400, zone)
    }

    /// Returns the zone in effect at the local time `date`, or nil if that time occurs twice or is skipped.
    static func zone(ofWall date: TemplateDate, _ zone: TimeZone) -> TemplateDate.Zone? {
        let seconds = date.wall.floored(by: 1_000_000)
        let before = self.zone(at: seconds - 86_400, zone)
        let after = self.zone(at: seconds + 86_400, zone)
        guard before.offset != after.offset else { return self.zone(at: seconds - before.offset, zone) }
        let fitting = [before, after].filter { self.zone(at: seconds - $0.offset, zone).offset == $0.offset }
        return fitting.count == 1 ? self.zone(at: seconds - fitting[0].offset, zone) : nil
    }
}
