import Foundation
import Strait

@Model(table: "Date")
struct TableDate {
    @PrimaryKey @MaxLength(3) var id: String
    var day: PlainDate
}

@Model(table: "beasts")
struct Beasts {
    @MaxLength(120) var fullName: String
    @MaxLength(60) @Indexed var short: String
    @MaxLength(500) @Indexed var story: String
    @MaxLength(254) var email: String
    @MaxLength(300) var link: String?
    @MaxLength(100) @Unique var paper: String
    @MaxLength(100) @Indexed var image: String?
    @Unique var small: Int32
    var number: Int32
    @Indexed var big: Int?
    @Positive var feet: Int16
    var mass: Int32
    @Positive var cells: Int?
    @DatabaseDefault(2.5) var length: Double
    @Digits(9, places: 3) var price: Decimal
    var isWild: Bool?
    var picture: Bytes?
    @Unique var token: UUID?
    @DatabaseDefault(.now) var bornAt: Date
    var bornOn: PlainDate?
    var fedAt: PlainTime?
    var sleep: Duration?
    @JSON var notes: JSONValue?
    @JSON var knownFacts: JSONValue?
    @ForeignKey(onDelete: .doNothing) var warden: Keepers.ID
    @ForeignKey(onDelete: .doNothing) var deputy: Keepers.ID?
    @ForeignKey(onDelete: .doNothing) var parent: Beasts.ID?
    @ForeignKey(onDelete: .doNothing) var species: ZooSpecies.ID
    @OneToOne(onDelete: .doNothing) var chief: Keepers.ID?
    @MaxLength(20) var nick: String?
    @MaxLength(20) var title: String
    @Unique var code: Int32?
    @Positive @Indexed @DatabaseDefault(9) var rank: Int32
    var level: Int32
    @MaxLength(10) @Indexed var grade: String?
    @DatabaseDefault(.now) var seenAt: Date
    @Indexed var label: String?
    @JSON var extra: JSONValue?
    @OneToOne(onDelete: .doNothing) var vet: Keepers.ID?
    @ForeignKey(onDelete: .doNothing) var home: ZooSpecies.ID

    static let options: [ModelOption<Beasts>] = [
        .uniqueTogether { [$0.bornOn, $0.bornAt] },
        .index("beast_born_idx") { [$0.bornOn, $0.bornAt.descending] },
        .index("beast_number_idx") { [$0.number.descending, $0.email] },
        .unique("beast_nick", where: { $0.small > 3 }) { [$0.nick] },
        .check("beast_number") { $0.number >= 0 },
        .unique("beast_once") { [$0.fullName, $0.number] },
    ]
}

@Model(table: "beasts_friends")
struct BeastsFriends {
    @ForeignKey(onDelete: .doNothing) var fromBeast: Beasts.ID
    @ForeignKey(onDelete: .doNothing) var toBeast: Beasts.ID

    static let options: [ModelOption<BeastsFriends>] = [
        .uniqueTogether { [$0.fromBeast, $0.toBeast] }
    ]
}

@Model(table: "beasts_labels")
struct BeastsLabels {
    @ForeignKey(onDelete: .doNothing) var beast: Beasts.ID
    @ForeignKey(onDelete: .doNothing) var badge: ZooBadge.ID

    static let options: [ModelOption<BeastsLabels>] = [
        .uniqueTogether { [$0.beast, $0.badge] }
    ]
}

@Model(table: "beasts_marks")
struct BeastsMarks {
    @ForeignKey(onDelete: .doNothing) var beast: Beasts.ID
    @ForeignKey(onDelete: .doNothing) var badge: ZooBadge.ID

    static let options: [ModelOption<BeastsMarks>] = [
        .uniqueTogether { [$0.beast, $0.badge] }
    ]
}

@Model(table: "date_")
struct TableDate2 {
    @PrimaryKey @OneToOne(onDelete: .doNothing) var order: TableOrder.ID
}

@Model(table: "diaries")
struct Diaries {
    @OneToOne(onDelete: .doNothing) var animal: Beasts.ID
    var text: String
}

@Model(table: "keepers")
struct Keepers {
    @MaxLength(150) @Unique var username: String
    @MaxLength(254) var email: String
    @DatabaseDefault(true) var isActive: Bool
}

@Model(table: "kinds_kind")
struct KindsKind {
    var small: Int16
    var normal: Int32
    var big: Int
    @Positive var positive: Int32
    var real: Double
    @Digits(12, places: 3) var price: Decimal
    var flag: Bool
    @MaxLength(20) var code: String
    @MaxLength(50) @Indexed var slug: String
    @MaxLength(254) var email: String
    @MaxLength(200) var site: String
    @MaxLength(200) var link: String
    var text: String
    var blob: Bytes
    var key: UUID
    var moment: Date
    var day: PlainDate
    var clock: PlainTime
    var span: Duration
    @JSON var data: JSONValue
    @MaxLength(10) var status: String
    var level: Int16
    @MaxLength(100) var file: String
    @MaxLength(100) var image: String
    @ForeignKey(onDelete: .doNothing) var parent: KindsKind.ID?
    var maybeNumber: Int32?
    @MaxLength(10) var maybeText: String?
    var maybeMoment: Date?
    @JSON var maybeData: JSONValue?
}

@Model(table: "kinds_site")
struct KindsSite {
    @MaxLength(20) @Unique var name: String
    @MaxLength(20) var folder: String
    var page: Int32

    static let options: [ModelOption<KindsSite>] = [
        .uniqueTogether { [$0.folder, $0.page] }
    ]
}

@Model(table: "odd_parts")
struct OddParts {
    @MaxLength(20) var name: String
    var nick: String?
    var number: Int32?
    @Positive var small: Int16
    var flag: Bool
    var length: Double
    @Column("order") @ForeignKey(onDelete: .doNothing, isIndexed: false) var order: TableOrder.ID?

    static let options: [ModelOption<OddParts>] = [
        .index("odd_own name") { [$0.name] },
        .index("odd_some", where: { $0.flag == false }) { [$0.number.descending, $0.name] },
        .check("odd_flag") { $0.flag == true || $0.number != 7 },
        .check("odd_length") { $0.length <= 1.5 },
        .check("odd_list") { $0.small.isIn([1, 2, 3]) || $0.nick == nil },
        .unique("odd_name_once") { [$0.name] },
        .check("odd_range") { $0.number >= -5 && $0.number < 100 },
        .check("odd_text") { $0.name > "it's \"a\"" && $0.nick == $0.name },
        .unique("odd_two_once") { [$0.nick, $0.number] },
        .unique("odd_unique_with_a_long_name_and_columns", where: { $0.nick != nil && $0.number > 3 }) {
            [$0.number, $0.small, $0.name]
        },
    ]
}

@Model(table: "order")
struct TableOrder {
    @PrimaryKey var `class`: Int
    @Column("id") @MaxLength(5) var fieldId: String?
    @Column("table") var fieldTable: String
    @Column("self") var fieldSelf: Int32
    @Column("init") var fieldInit: Int32
    @Column("a_b_c") var aBC: Int32
    @Column("imageURL") var imageURL: String
    @Column("image_url") var imageUrl2: String
    @Column("1st") var field1st: Int32
    @Column("with space") var withSpace: String
    @Column("CODE") var code: String
    @Column("a__b_c") var aBC2: Int32
    var é: String
    @Column("%") var field: String
    @Column("a\"b") var aB: String
}

// The table unsaid_loose has no primary key of one column, which a model needs.

// The table unsaid_pair has no primary key of one column, which a model needs.

// The index unsaid_lower is: CREATE INDEX unsaid_lower ON public.unsaid_parts USING btree (lower((code)::text))
// The type of kind is a guess: it is character varying.
// The column twin refers to unsaid_parts.other.
// The default value of day is CURRENT_DATE.
// The index unsaid_some has the condition: (length((other)::text) > 2)
// The check unsaid_check has the condition: (length((code)::text) > 2)
@Model(table: "unsaid_parts")
struct UnsaidParts {
    @PrimaryKey @MaxLength(9) var code: String
    @MaxLength(9) @Unique var other: String
    var kind: String
    @MaxLength(9) var twin: String?
    var day: PlainDate?
}

@Model(table: "zoo_averylongmodelnamethatmakesthenamesofitsindexestoolong")
struct ZooAverylongmodelnamethatmakesthenamesofitsindexestoolong {
    @ForeignKey(onDelete: .doNothing) var aVeryLongFieldNameThatIsRepeated: Keepers.ID
    @MaxLength(5) @Indexed var text: String
}

@Model(table: "zoo_badge", id: .auto)
struct ZooBadge {
    @MaxLength(30) var name: String
    var position: Int32?
    @MaxLength(50) @Indexed var slug: String?
}

@Model(table: "zoo_species")
struct ZooSpecies {
    @PrimaryKey @MaxLength(20) var code: String
    @Unique var name: String
}
