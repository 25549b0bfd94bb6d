internal import Foundation

/// What a clock on the wall shows in a time zone, and what that zone is called then.
enum ZoneRules {
    /// The moment, in microseconds since 1970, in `zone`.
    static func local(moment: Int, _ zone: TimeZone) -> TemplateDate {
        TemplateDate(moment: moment, zone: self.zone(at: moment.floored(by: 1_000_000), zone))
    }

    /// The zone at a moment in seconds since 1970.
    static func zone(at seconds: Int, _ zone: TimeZone) -> TemplateDate.Zone {
        let date = Date(timeIntervalSince1970: Double(seconds))
        let offset = zone.secondsFromGMT(for: date)
        let isSaving = zone.isDaylightSavingTime(for: date)
        let name =
            ZoneNames.name(of: zone.identifier, offset: offset, isDaylightSaving: isSaving, at: seconds)
            ?? fixed(offset)
        return TemplateDate.Zone(offset: offset, name: name, isDaylightSaving: isSaving)
    }

    /// As Python calls a zone that is nothing but an offset.
    private static func fixed(_ offset: Int) -> String {
        guard offset != 0 else { return "UTC" }
        let minutes = abs(offset) / 60
        return
            "UTC\(offset < 0 ? "-" : "+")\(TemplateDate.padded(minutes / 60, 2)):\(TemplateDate.padded(minutes % 60, 2))"
    }

    /// The zone where the wall shows `date`: the first time where it does so twice, and before the gap where it never does.
    static func firstZone(ofWall date: TemplateDate, _ zone: TimeZone) -> TemplateDate.Zone {
        self.zone(ofWall: date, zone) ?? self.zone(at: date.wall.floored(by: 1_000_000) - 86_400, zone)
    }

    /// The zone where the wall shows `date`, or nil where it shows that twice or never.
    static func zone(ofWall date: TemplateDate, _ zone: TimeZone) -> TemplateDate.Zone? {
        let seconds = date.wall.floored(by: 1_000_000)
        let before = self.zone(at: seconds - 86_400, zone)
        let after = self.zone(at: seconds + 86_400, zone)
        guard before.offset != after.offset else { return self.zone(at: seconds - before.offset, zone) }
        let fitting = [before, after].filter { self.zone(at: seconds - $0.offset, zone).offset == $0.offset }
        return fitting.count == 1 ? self.zone(at: seconds - fitting[0].offset, zone) : nil
    }
}
