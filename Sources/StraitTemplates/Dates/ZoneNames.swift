internal import Foundation
internal import StraitCore
internal import Synchronization

/// Abbreviated names of time zones, such as `CET`, from the system's zone files (RFC 9636). Foundation knows only a few
/// of them.
enum ZoneNames {
    private struct Kind {
        let offset: Int
        let isDaylightSaving: Bool
        let name: String
    }

    private struct Zone {
        var kinds: [Kind] = []
        var transitions: [(at: Int, kind: Int)] = []
    }

    private static let zones = Mutex<[String: Zone]>([:])

    /// Returns the zone's name at `seconds` since 1970, or nil if the zone's file has no such entry.
    static func name(of identifier: String, offset: Int, isDaylightSaving: Bool, at seconds: Int) -> String? {
        let zone = zones.withLock { zones in
            if let zone = zones[identifier] { return zone }
            let zone = read(identifier)
            zones[identifier] = zone
            return zone
        }
        func fits(_ kind: Kind) -> Bool { kind.offset == offset && kind.isDaylightSaving == isDaylightSaving }
        let place = zone.transitions.lastIndex { $0.at <= seconds } ?? -1
        if let transition = zone.transitions.at(place), fits(zone.kinds[transition.kind]) {
            return zone.kinds[transition.kind].name
        }
        // After the last transition, a rule applies. The last transition of the same kind has the rule's name.
        let later = zone.transitions.last { fits(zone.kinds[$0.kind]) }.map { zone.kinds[$0.kind].name }
        return later ?? zone.kinds.first(where: fits)?.name
    }

    private static func read(_ identifier: String) -> Zone {
        var zone = Zone()
        guard !identifier.contains(".."), identifier != "GMT",
            let data = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(identifier)")
        else { return zone }
        let bytes = [UInt8](data)
        guard bytes.count > 88, bytes[4] >= 0x32 else { return zone }
        // The first data block has 32-bit times. The second, with 64-bit times, follows it.
        let first = counts(bytes, 0)
        let start =
            44 + first.times * 5 + first.types * 6 + first.chars + first.leaps * 8 + first.standards + first.utcs
        guard start + 44 <= bytes.count else { return zone }
        let second = counts(bytes, start)
        let times = start + 44
        let indices = times + second.times * 8
        let types = indices + second.times
        let names = types + second.types * 6
        guard names + second.chars <= bytes.count else { return zone }
        for index in 0..<second.types {
            let place = types + index * 6
            let from = names + Int(bytes[place + 5])
            let name = bytes[min(from, bytes.count)...].prefix { $0 != 0 }
            zone.kinds.append(
                Kind(
                    offset: Int(Int32(truncatingIfNeeded: number(bytes, place, 4))),
                    isDaylightSaving: bytes[place + 4] == 1,
                    name: String(decoding: name, as: UTF8.self)))
        }
        for index in 0..<second.times {
            let kind = Int(bytes[indices + index])
            if kind < zone.kinds.count { zone.transitions.append((number(bytes, times + index * 8, 8), kind)) }
        }
        return zone
    }

    private static func counts(
        _ bytes: [UInt8], _ start: Int
    ) -> (utcs: Int, standards: Int, leaps: Int, times: Int, types: Int, chars: Int) {
        func count(_ index: Int) -> Int { number(bytes, start + 20 + index * 4, 4) }
        return (count(0), count(1), count(2), count(3), count(4), count(5))
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ length: Int) -> Int {
        bytes[start..<start + length].reduce(0) { $0 << 8 | Int($1) }
    }
}

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
            \((minutes / 60).padded(2)):\((minutes % 60).padded(2))
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
