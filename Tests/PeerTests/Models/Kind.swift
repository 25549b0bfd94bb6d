import Foundation
import StraitCore
import StraitModels

enum Status: String, Choices {
    case draft, inReview
    case published = "done"
}

enum Level: Int16, Choices {
    case low = -1
    case high = 32767
}

/// A model with a field of each kind.
@Model(app: "kinds") struct Kind {
    var small: Int16
    var normal: Int32
    var big: Int
    @Positive var positive: Int32
    var real: Double
    @Digits(12, places: 3) var price: Decimal
    var flag: Bool
    @MaxLength(20) var code: String
    @Slug var slug: String
    @Email var email: String
    var site: URL
    @Blank @URLString var link: String
    var text: String
    var blob: Bytes
    var key: UUID
    var moment: Date
    var day: PlainDate
    var clock: PlainTime
    var span: Duration
    @JSON var data: [String: [Int]]
    @MaxLength(10) var status: Status
    var level: Level
    @Upload(to: "files/") var file: StoredFile
    var image: StoredImage
    @ForeignKey(onDelete: .cascade) var parent: Kind.ID?
    var maybeNumber: Int32?
    @MaxLength(10) var maybeText: String?
    var maybeMoment: Date?
    @JSON var maybeData: [String: [Int]]?
}

@Model(app: "kinds") struct Site {
    @Label("site name", help: "A short name.") @MaxLength(20) @Unique var name: String
    @MaxLength(20) var folder: String = "home"
    var page: Int32 = 3

    static let options: [ModelOption<Site>] = [.uniqueTogether { [$0.folder, $0.page] }]
}

extension Site: CustomStringConvertible {
    var description: String { name }
}

@Model(app: "kinds") struct Album {
    @MaxLength(20) var title: String
    @Blank @MaxLength(20) var note: String = "none"
    @Blank @Upload(to: "covers/") var cover: StoredImage = StoredImage("")
    @Upload(to: "scores/") @MaxLength(30) var score: StoredFile
    @Blank var extra: StoredFile = StoredFile("")
    @ForeignKey(onDelete: .cascade) var site: Site.ID
    @ManyToMany @Label("kinds", help: "Hold down “Control”.") var kinds: Links<Kind>
    @ManyToMany @Blank @Label("more sites") var sites: Links<Site>
    @ManyToMany @NotEditable var hidden: Links<Kind>
}

enum Size: String, Choices { case small, large }
enum Color: String, Choices { case red, blue }

/// A model with choices, and a key that is no number.
@Model(app: "kinds") struct Odd {
    @PrimaryKey @NotEditable var key: UUID
    var maybe: Bool?
    var flag: Bool = true
    @MaxLength(5) var size: Size = .small
    @MaxLength(5) var color: Color?
    var level: Level?
    @ForeignKey(onDelete: .setNull) var other: Odd.ID?
    @ForeignKey(onDelete: .cascade) var parent: Odd.ID
    @ManyToMany @Blank var odds: Links<Odd>
    var score: Double = 1.5
}

/// A model whose fields may be blank, although their columns cannot be empty.
@Model(app: "kinds") struct Loose {
    @Blank var count: Int32
    @Blank var size: Size
    @Blank var day: PlainDate
    @Blank @MaxLength(5) var text: String
    @Blank var flag: Bool
}

extension Kind.Draft {
    /// A draft with simple values.
    static func simple(_ change: (inout Kind.Draft) -> Void = { _ in }) -> Kind.Draft {
        var draft = Kind.Draft(
            small: 0, normal: 0, big: 0, positive: 0, real: 0, price: 0, flag: false, code: "", slug: "", email: "",
            site: known(URL(string: "http://a.example/")), link: "", text: "", blob: Bytes(), key: UUID(),
            moment: Date(timeIntervalSince1970: 0), day: known(PlainDate(year: 1970, month: 1, day: 1)),
            clock: known(PlainTime(hour: 0, minute: 0)), span: .zero, data: [:], status: .draft, level: .low,
            file: StoredFile(""), image: StoredImage(""))
        change(&draft)
        return draft
    }

    /// Drafts with the ends of all ranges.
    static let extremes: [Kind.Draft] = [
        simple(),
        simple { draft in
            draft.small = .min
            draft.normal = .min
            draft.big = .min
            draft.real = -.greatestFiniteMagnitude
            draft.price = known(Decimal(string: "-999999999.999"))
            draft.flag = true
            draft.code = String(repeating: "\u{1F30A}", count: 20)
            draft.text = "'; DROP TABLE kinds_kind; -- \u{1F468}\u{200D}\u{1F469}\n\"\\"
            draft.blob = Bytes(0...255)
            draft.moment = Date(timeIntervalSince1970: -62_135_596_800)
            draft.day = known(PlainDate(year: 1, month: 1, day: 1))
            draft.clock = known(PlainTime(hour: 23, minute: 59, second: 59, microsecond: 999_999))
            draft.span = .microseconds(-1)
            draft.data = ["a": [1, 2, 3], "ä\"\u{1F30A}": []]
            draft.status = .inReview
            draft.level = .high
            draft.maybeNumber = -1
            draft.maybeText = ""
            draft.maybeMoment = Date(timeIntervalSince1970: 1_709_244_000.000001)
            draft.maybeData = [:]
        },
        simple { draft in
            draft.small = .max
            draft.normal = .max
            draft.big = .max
            draft.positive = .max
            draft.real = .leastNonzeroMagnitude
            draft.price = known(Decimal(string: "0.001"))
            draft.site = known(URL(string: "https://b.example/a%20b?x=1#y"))
            draft.moment = Date(timeIntervalSince1970: 253_402_300_799)
            draft.day = known(PlainDate(year: 9999, month: 12, day: 31))
            draft.clock = known(PlainTime(hour: 0, minute: 0, second: 0, microsecond: 1))
            draft.span = .seconds(864_000_000) + .microseconds(999_999)
            draft.status = .published
            draft.text = "\u{301}\r\n"
        },
        simple { draft in
            draft.real = 0.1
            // Rounded as in Django: half to even.
            draft.price = known(Decimal(string: "0.0625"))
            draft.span = .seconds(-3 * 86_400 + 5 * 3600)
        },
    ]
}
