import StraitForms
import StraitHTTP
import StraitRouting
import StraitWeb

/// A typical application's form.
final class PlainForm: Form {
    let name = CharField(
        maxLength: 30, validators: [Validator { if $0 == "root" { throw ValidationError("Not you.") } }])
    let photo = FileField(maxBytes: 100_000)
    let place = PlaceField(required: false)

    override func clean() throws {
        if name.value == photo.value?.filename { addError("Your name must not be the file's name.", to: name) }
    }
}

/// A custom field type.
final class PlaceField: TypedField<Int?> {
    init(required: Bool = true) {
        super.init(empty: nil, required: required)
    }

    override func read(_ input: FieldInput) throws(ValidationError) -> Int?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard text.hasPrefix("#"), let place = Int(text.dropFirst()) else { throw ValidationError("Enter a place.") }
        return .some(place)
    }
}

/// A site with a form, a streamed upload and a CSRF-exempt JSON endpoint.
public func plainForms() throws -> any Application {
    CSRFViewMiddleware(
        try URLRouter {
            path("form/") { request in
                let form = try await PlainForm(request)
                if form.isValid, let photo = form.photo.value {
                    return .text("\(form.name.value) \(photo.filename) \(photo.size) \(form.place.value ?? 0)")
                }
                return .html("<form method=post>\(try request.csrfInput)\(form.asDiv)</form>", status: form.status)
            }
            path("parts/") { request in
                var count = 0
                for try await part in request.parts() {
                    guard case .file(let file) = part else { continue }
                    for try await bytes in file { count += bytes.count }
                }
                return .text("\(count)")
            }
            path(
                "hook/",
                CSRFExempt { request in
                    let order = try await request.decode([String: Int].self)
                    return .text("\(order["count"] ?? 0)")
                })
        })
}
