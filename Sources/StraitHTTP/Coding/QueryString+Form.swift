package import StraitNetwork

extension QueryString {
    /// Reads the body of a form, `application/x-www-form-urlencoded`, as Django's `QueryDict` does: UTF-8, or
    /// ISO 8859-1 where it is none, and otherwise like a query.
    ///
    /// - Parameter limit: How many names with values are taken, empty ones between two `&` among them; Django's
    ///   `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    /// - Throws: ``MultipartError`` with 413 if there are more; nothing is decoded then. With 400 if a name or value
    ///   has more than 30 combining marks in a row: no language needs them, and names are compared before any form
    ///   field is known.
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
