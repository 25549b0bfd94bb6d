public import StraitHTTP
public import StraitRouting

/// A form: its fields are its properties. Django's `Form`.
///
/// ```swift
/// final class ContactForm: Form {
///     let name = CharField(maxLength: 30)
///     let email = EmailField(required: false)
///     let message = CharField(widget: .textarea())
///
///     override func clean() throws {
///         if message.value.contains("http"), email.value.isEmpty {
///             addError("Tell us your address when you send links.", to: email)
///         }
///     }
/// }
///
/// path("contact/") { request in
///     let form = try await ContactForm(request)
///     if form.isValid {
///         try await send(form.message.value, from: form.name.value)
///         return .redirect(to: "/thanks/")
///     }
///     return .html(page(form.asDiv), status: form.status)
/// }
/// ```
///
/// A form lives as long as its request, and in its task.
open class Form {
    /// What the names of the fields begin with, so that several forms can share a page: `prefix-name`.
    public let prefix: String?
    /// Whether the form was sent, and is to be checked.
    public private(set) var isBound = false
    /// What is wrong with the form as a whole; Django's `non_field_errors`.
    public var formErrors: [ValidationError] {
        check()
        return noted
    }

    private var noted: [ValidationError] = []
    private var isCleaned = false
    /// The fields in the order in which they are declared, those of a class above first.
    public private(set) var fields: [Field] = []

    /// A form that was not sent.
    public required init(prefix: String? = nil) {
        self.prefix = prefix
        // The properties of the classes below are there by now.
        fields = Self.fields(of: self)
    }

    /// The form that `request` carries; one that was not sent where the method is safe, as for the page that shows it.
    ///
    /// - Parameters:
    ///   - prefix: What the names of the fields begin with.
    ///   - limits: The limits of the body. By default those of the site's settings, without files if the form has
    ///     neither a file field nor a prefix.
    /// - Throws: ``FormError`` for a body that is no form or past a limit.
    public convenience init(_ request: Request, prefix: String? = nil, limits: FormLimits? = nil) async throws {
        self.init(prefix: prefix)
        guard !request.method.isSafe else { return }
        bind(try await request.form(limits: limits ?? ownLimits(request)))
    }

    /// The site's limits. A form without a file field refuses files before they are written to disk. A form with a
    /// prefix accepts them: it shares its request with other forms, which may have file fields.
    private func ownLimits(_ request: Request) -> FormLimits {
        var limits = request.formLimits
        if prefix == nil, !fields.contains(where: { $0.widget.kind == .file || $0 is FileField }) {
            limits.parts.files = 0
        }
        return limits
    }

    /// The form that was sent as `data`.
    public convenience init(_ data: FormData, prefix: String? = nil) {
        self.init(prefix: prefix)
        bind(data)
    }

    /// Takes what was sent.
    public func bind(_ data: FormData) {
        for field in fields { field.bind(data) }
        isBound = true
        isCleaned = false
    }

    /// What the properties hold that are fields.
    private static func fields(of form: Form) -> [Field] {
        var mirrors: [Mirror] = []
        var mirror: Mirror? = Mirror(reflecting: form)
        while let next = mirror {
            mirrors.insert(next, at: 0)
            mirror = next.superclassMirror
        }
        return mirrors.flatMap(\.children).compactMap { child in
            guard let field = child.value as? Field, let name = child.label else { return nil }
            field.name = name
            field.prefix = form.prefix
            field.form = form
            return field
        }
    }

    /// Checks what concerns several fields; called when each was checked by itself. Override it; a field that is wrong
    /// has an empty value here, and ``Field/errors``.
    ///
    /// - Throws: ``ValidationError`` for the form as a whole; name a field with ``addError(_:code:to:)``.
    open func clean() throws {}

    /// Notes an error at `field`, whose value is empty from then on, or at the form as a whole.
    ///
    /// - Parameters:
    ///   - code: What kind of fault it is, for programs.
    ///   - field: The form's field; nil for the form.
    public func addError(_ message: String, code: String = "invalid", to field: Field? = nil) {
        guard let field else { return noted.append(ValidationError(message, code: code)) }
        field.noted.append(ValidationError(message, code: code))
        field.discard()
    }

    /// Checks what was sent, once.
    func check() {
        guard isBound, !isCleaned else { return }
        isCleaned = true
        noted = []
        for field in fields { field.clean() }
        do {
            try clean()
        } catch let error as ValidationError {
            noted.append(error)
        } catch {
            noted.append(ValidationError("\(error)"))
        }
    }

    /// Whether the form was sent and nothing is wrong with it.
    public var isValid: Bool {
        check()
        return isBound && formErrors.isEmpty && fields.allSatisfy(\.errors.isEmpty)
    }

    /// What is wrong, by the names of the fields; that of the form as a whole under `__all__`, as in Django.
    public var errors: [String: [ValidationError]] {
        check()
        var errors: [String: [ValidationError]] = formErrors.isEmpty ? [:] : ["__all__": formErrors]
        for field in fields where !field.errors.isEmpty { errors[field.name] = field.errors }
        return errors
    }

    /// What answers a request for the page that shows the form: 422 where it was sent and is wrong, else 200. Django's
    /// pages answer 200 for both.
    public var status: HTTPStatus { isBound && !isValid ? .unprocessableContent : .ok }

    /// Whether it has a field for files, so that its element needs `enctype="multipart/form-data"`.
    public var isMultipart: Bool { fields.contains { $0.widget.kind == .file } }
}
