public import StraitHTTP

/// A form, whose fields are its properties. Django's `Form`.
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
/// A form is for one request, and only for the task that handles it.
open class Form {
    /// The prefix of the fields' names, which lets several forms share a page: `prefix-name`.
    public let prefix: String?
    /// Whether the form has been submitted, so that its input is checked.
    public private(set) var isBound = false
    /// The errors of the form as a whole. Django's `non_field_errors`.
    public var formErrors: [ValidationError] {
        check()
        return noted
    }

    private var noted: [ValidationError] = []
    private var isCleaned = false
    /// The fields in the order of declaration, those of a superclass first.
    public private(set) var fields: [Field] = []

    /// Creates an empty form, for display.
    ///
    /// - Parameter prefix: The prefix of the fields' names.
    public required init(prefix: String? = nil) {
        self.prefix = prefix
        // The subclasses' properties are initialized by now.
        fields = Self.fields(of: self)
    }

    /// Creates a form from a request. For a safe method, such as the `GET` of its page, the form is empty.
    ///
    /// - Parameters:
    ///   - request: The request with the form.
    ///   - prefix: The prefix of the fields' names.
    ///   - limits: The limits of the body. By default those of the site's settings, without files if the form has
    ///     neither a file field nor a prefix.
    /// - Throws: ``FormError`` if the body is not a form, or exceeds a limit.
    public convenience init(_ request: Request, prefix: String? = nil, limits: FormLimits? = nil) async throws {
        self.init(prefix: prefix)
        guard !request.method.isSafe else { return }
        bind(try await request.form(limits: limits ?? ownLimits(request)))
    }

    /// Returns the site's limits. A form without a file field rejects files before they are written to disk. A form
    /// with a prefix accepts them, because it shares its request with other forms, which may have file fields.
    package func ownLimits(_ request: Request) -> FormLimits {
        var limits = request.formLimits
        if prefix == nil, !fields.contains(where: { $0.widget.kind == .file || $0 is FileField }) {
            limits.parts.files = 0
        }
        return limits
    }

    /// Creates a form from submitted data.
    public convenience init(_ data: FormData, prefix: String? = nil) {
        self.init(prefix: prefix)
        bind(data)
    }

    /// Gives the form its submitted data.
    public func bind(_ data: FormData) {
        for field in fields { field.bind(data) }
        isBound = true
        isCleaned = false
    }

    /// Finds the form's fields among its properties, and names them.
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

    /// Adds a field that is no property. Its name is the name in a request, after the prefix.
    package func add(_ field: Field, named name: String) {
        field.name = name
        field.prefix = prefix
        field.form = self
        fields.append(field)
    }

    /// Checks conditions across several fields, after each field was checked. Override it. An invalid field has an
    /// empty value here, and its errors in ``Field/errors``.
    ///
    /// - Throws: ``ValidationError`` for the form as a whole. Use ``addError(_:code:to:)`` for one field.
    open func clean() throws {}

    /// Adds an error to a field, whose value becomes empty, or to the form as a whole.
    ///
    /// - Parameters:
    ///   - message: The text for the user.
    ///   - code: The kind of error, for programs.
    ///   - field: The form's field; nil for the form as a whole.
    public func addError(_ message: String, code: String = "invalid", to field: Field? = nil) {
        guard let field else { return noted.append(ValidationError(message, code: code)) }
        field.noted.append(ValidationError(message, code: code))
        field.discard()
    }

    /// Checks the submitted data once.
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

    /// Whether the form was submitted and has no errors.
    public var isValid: Bool {
        check()
        return isBound && formErrors.isEmpty && fields.allSatisfy(\.errors.isEmpty)
    }

    /// The errors by field name. Those of the form as a whole are under `__all__`, as in Django.
    public var errors: [String: [ValidationError]] {
        check()
        var errors: [String: [ValidationError]] = formErrors.isEmpty ? [:] : ["__all__": formErrors]
        for field in fields where !field.errors.isEmpty { errors[field.name] = field.errors }
        return errors
    }

    /// The status for the page with the form: 422 if the form was submitted and has errors, or else 200. In Django it
    /// is 200 in both cases.
    open var status: HTTPStatus { isBound && !isValid ? .unprocessableContent : .ok }

    /// Whether the form has a file field, so that its element needs `enctype="multipart/form-data"`.
    public var isMultipart: Bool { fields.contains { $0.widget.kind == .file } }
}
