internal import FoundationEssentials
import StraitCore
import StraitForms
import StraitHTTP
import StraitModels
import StraitText

/// The maker of a form's field for a model's field.
struct InputMaker {
    typealias Made = (Field, () -> any DatabaseConvertible)

    let field: ModelField
    let initial: DatabaseValue?
    /// Whether the initial value is that of a row.
    let isStored: Bool

    /// Whether the form needs a value. Also a field that may be blank does if its column cannot be empty.
    private var isRequired: Bool {
        if !field.isBlank { return true }
        if field.isOptional { return false }
        if !field.choices.isEmpty { return !field.choices.contains { $0.value == .text("") } }
        return !field.kind.isText && field.kind != .boolean
    }
    private var label: String { field.verboseName.capitalizedFirst }

    private var initialText: String? {
        switch initial {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        default: nil
        }
    }

    private var initialNumber: Int? {
        if case .integer(let number) = initial { return Int(number) }
        return nil
    }

    func input() -> Made {
        let (required, help) = (isRequired, field.helpText)
        switch field.kind {
        case .char, .text, .slug, .email, .url: return text()
        case .smallInteger, .integer, .bigInteger, .positiveSmallInteger, .positiveInteger, .positiveBigInteger, .auto,
            .bigAuto, .smallAuto:
            return integer()
        case .float:
            let number: Double? = if case .double(let value) = initial { value } else { initialNumber.map(Double.init) }
            let made = FloatField(required: required, label: label, help: help, initial: number)
            return (made, { made.value })
        case .decimal(let digits, let places):
            let number = initialText.flatMap { Decimal(string: $0) }
            // A stored number has all digits of its column.
            let made = StoredDecimalField(
                maxDigits: digits, decimalPlaces: places, required: required, label: label, help: help, initial: number)
            made.shown = isStored ? number.map { DecimalDigits.fixed($0, places: places) } : nil
            return (made, { made.value })
        case .boolean: return boolean()
        case .uuid:
            let made = UUIDField(
                required: required, label: label, help: help, initial: initialText.flatMap(Self.uuid))
            return (made, { made.value })
        case .dateTime:
            let check = Validator<PlainDateTime> { value throws(ValidationError) in
                // An offset can lead out of the years 1 to 9999.
                guard value.instant == nil else { return }
                throw ValidationError("Enter a valid date/time.")
            }
            let made = DateTimeField(
                required: required, label: label, help: help,
                initial: initialText.flatMap(ISODateTime.read)?.wholeSecond,
                validators: [check])
            return (made, { made.value?.instant })
        case .date:
            let made = DateField(
                required: required, label: label, help: help, initial: initialText.flatMap(DatabaseDate.day))
            return (made, { made.value })
        case .time:
            let made = TimeField(
                required: required, label: label, help: help,
                initial: initialText.flatMap(DatabaseDate.time)?.wholeSecond)
            return (made, { made.value })
        case .duration:
            let made = DurationField(
                required: required, label: label, help: help,
                initial: initialNumber.map { .microseconds($0) }, validators: [Self.isStorable])
            return (made, { made.value })
        case .json, .binary, .file, .image, .foreignKey, .oneToOne:
            let accepts = field.accepts
            let check = Validator<String> { text throws(ValidationError) in
                let isEmpty = PythonText.stripped(text) == "null"
                guard isEmpty || accepts(text) else { throw ValidationError("Enter a JSON value of the right shape.") }
            }
            let made = JSONField(
                required: required, label: label, help: help, initial: initialText.map(Self.spaced),
                validators: [check])
            // As in Django, `null` is an empty column.
            return (made, { ["", "null"].contains(PythonText.stripped(made.value)) ? String?.none : made.value })
        }
    }

    /// Returns JSON with a space after each comma and colon, as Python writes it.
    private static func spaced(_ json: String) -> String {
        var bytes: [UInt8] = []
        var (isInString, isEscaped) = (false, false)
        for byte in json.utf8 {
            let isSpace = [0x20, 0x09, 0x0A, 0x0D].contains(byte)
            if !isInString, isSpace { continue }
            bytes.append(byte)
            if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
            isEscaped = isInString && byte == UInt8(ascii: "\\") && !isEscaped
            if !isInString, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") { bytes.append(0x20) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Both engines store 64 bits of microseconds. The message is Django's for a longer time.
    private static var isStorable: Validator<Duration> {
        Validator { value throws(ValidationError) in
            guard (try? value.databaseValue(for: .sqlite)) == nil else { return }
            throw .days(-106_751_991...106_751_991)
        }
    }

    private func text() -> Made {
        let (required, help, limit, initial) = (isRequired, field.helpText, field.kind.maxLength, initialText)
        let accepts =
            field.isOptional ? TextCheck { [check = field.accepts] in $0.isEmpty || check($0) } : field.accepts
        let made: CharField =
            switch field.kind {
            case .slug: SlugField(maxLength: limit, required: required, label: label, help: help, initial: initial)
            case .email: EmailField(maxLength: limit, required: required, label: label, help: help, initial: initial)
            case .url:
                URLField(
                    maxLength: limit, required: required || !accepts(""), label: label, help: help, initial: initial,
                    validators: [
                        Validator { text throws(ValidationError) in
                            // For text that is no URL at all, the field itself has the error.
                            guard !accepts(text), (try? Validator.url(text)) != nil else { return }
                            throw ValidationError("Enter a valid URL.")
                        }
                    ])
            case .text:
                CharField(required: required, label: label, help: help, initial: initial, widget: .textarea())
            default: CharField(maxLength: limit, required: required, label: label, help: help, initial: initial)
            }
        let isOptional = field.isOptional
        return (made, { isOptional && made.value.isEmpty ? String?.none : made.value })
    }

    private func integer() -> Made {
        let range: ClosedRange<Int> =
            switch field.kind {
            case .smallInteger: -32_768...32_767
            case .integer: Int(Int32.min)...Int(Int32.max)
            case .positiveSmallInteger: 0...32_767
            case .positiveInteger: 0...Int(Int32.max)
            case .positiveBigInteger: 0...Int.max
            default: Int.min...Int.max
            }
        // The ends of 64 bits and of positive numbers are attributes of the input, as in Django.
        let isWide = field.kind == .bigInteger
        let made = IntegerField(
            min: isWide || range.lowerBound == 0 ? range.lowerBound : nil, max: isWide ? range.upperBound : nil,
            required: isRequired, label: label, help: field.helpText, initial: initialNumber,
            validators: [.minimum(range.lowerBound, "\(range.lowerBound)")].filter { _ in
                range.lowerBound < 0 && !isWide
            }
                + [.maximum(range.upperBound, "\(range.upperBound)")].filter { _ in !isWide })
        return (made, { made.value })
    }

    private func boolean() -> Made {
        guard field.isOptional else {
            let made = BooleanField(
                required: false, label: label, help: field.helpText, initial: initialNumber.map { $0 != 0 })
            return (made, { made.value })
        }
        let made = NullBooleanField(label: label, help: field.helpText, initial: initialNumber.map { $0 != 0 })
        return (made, { made.value })
    }

    /// Returns a choice of one of the field's values.
    func choice(hasEmpty: Bool) -> Made {
        let choices = field.choices.map { (text: $0.value.inputText, label: $0.label, value: $0.value) }
        let values = Dictionary(choices.map { (TextKey($0.text), $0.value) }, uniquingKeysWith: { first, _ in first })
        let made = ChoiceField(
            choices: (hasEmpty ? [Self.noChoice] : []) + choices.map { Choice($0.text, $0.label) },
            required: isRequired, label: label, help: field.helpText, initial: initialText)
        let empty: DatabaseValue = field.isOptional ? .null : .text("")
        return (made, { values[TextKey(made.value)] ?? empty })
    }

    /// Returns a choice of one row of another model.
    func row(_ rows: [RowChoice], initial: String?, hasEmpty: Bool) -> Made {
        let ids = Dictionary(rows.map { (TextKey(RowText.of($0.id)), $0.id) }, uniquingKeysWith: { first, _ in first })
        let made = RowField(
            key: field.reference?.keyKind ?? .bigAuto,
            choices: (hasEmpty ? [Self.noChoice] : []) + rows.map { Choice(RowText.of($0.id), $0.label) },
            required: isRequired, label: label, help: field.helpText, initial: initial)
        return (made, { ids[TextKey(made.value)] ?? DatabaseValue.null })
    }

    private static let noChoice = Choice("", "---------")

    /// The characters of a file's name that Django's `filepath_to_uri` does not encode.
    private static let urlBytes = ByteSet.unreserved.union(ByteSet("/!*()'"))

    /// Returns an upload that replaces the stored file. The value is that of no file: the form does not store files.
    func file(_ mediaURL: String) -> Made {
        let current = initialText.flatMap { name in
            name.isEmpty
                ? nil : CurrentFile(name: name, url: mediaURL + PercentEncoding.encode(name, allowing: Self.urlBytes))
        }
        let (required, help, limit) = (isRequired, field.helpText, field.kind.maxLength)
        let made =
            if case .image = field.kind {
                // As in Django, whose field for images does not check the length of the name.
                ImageField(current: current, required: required, label: label, help: help)
            } else {
                FileField(maxLength: limit, current: current, required: required, label: label, help: help)
            }
        let empty = field.isOptional ? DatabaseValue.null : .text("")
        return (made, { empty })
    }

    /// Reads 32 hexadecimal digits, as SQLite stores a UUID.
    private static func uuid(_ digits: String) -> UUID? {
        guard digits.utf8.count == 32 else { return UUID(uuidString: digits) }
        var text = digits
        for place in [8, 13, 18, 23] { text.insert("-", at: text.utf8.index(text.startIndex, offsetBy: place)) }
        return UUID(uuidString: text)
    }
}

extension PlainTime {
    /// The time without microseconds, which Django's inputs do not show.
    fileprivate var wholeSecond: PlainTime? { PlainTime(hour: hour, minute: minute, second: second) }
}

extension PlainDateTime {
    /// The time without microseconds, which Django's inputs do not show.
    fileprivate var wholeSecond: PlainDateTime? {
        time.wholeSecond.map { PlainDateTime(date: date, time: $0, utcOffset: utcOffset) }
    }

    /// The time, in UTC unless the text has an offset. Nil if a database cannot store it, because it is not in the
    /// years 1 to 9999 in UTC.
    fileprivate var instant: Date? {
        let days = CivilDate(year: date.year, month: date.month, day: date.day).daysSinceEpoch
        let seconds = days * 86_400 + time.hour * 3600 + time.minute * 60 + time.second - (utcOffset ?? 0)
        guard CivilDate.seconds.contains(seconds) else { return nil }
        // The last microseconds of the year 9999 would be rounded into the next year.
        let exact = Double(seconds) + Double(time.microsecond) / 1_000_000
        return Date(timeIntervalSince1970: min(exact, Double(CivilDate.seconds.upperBound).nextDown))
    }
}

/// A field that shows a stored number with all digits of its column.
private final class StoredDecimalField: DecimalField {
    /// The text of the initial value, if it is not the shortest one.
    var shown: String?

    override func text(of value: Decimal?) -> [String] { shown.map { [$0] } ?? super.text(of: value) }
}
