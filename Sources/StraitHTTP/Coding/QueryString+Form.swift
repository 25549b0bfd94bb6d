package import StraitNetwork

extension QueryString {
    /// Reads the body of an `application/x-www-form-urlencoded` form, as Django's `QueryDict` does.
    ///
    /// The body is UTF-8, or ISO 8859-1 if it is not valid UTF-8. The rest follows the rules for a query.
    ///
    /// - Parameter limit: The maximum number of pairs, including empty ones between two `&`; Django's
    ///   `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    /// - Throws: ``MultipartError`` with status 413 if there are more pairs; nothing is decoded then. With status 400
    ///   if a name or value has more than 30 combining marks in a row. No language needs that many, and code compares
    ///   names before it knows the form's fields.
    package init(form body: Bytes, limit: Int) throws(MultipartError) {
        if !body.isEmpty {
            var count = 1
            for byte in body where byte == 0x26 { count += 1 }
            guard count <= limit else { throw .fields(limit) }
        }
        try self.init(undivided: String(fieldValue: body.span)) { text throws(MultipartError) in
            guard text.isStreamSafe else { throw .combiningMarks }
            return text
        }
    }
}
