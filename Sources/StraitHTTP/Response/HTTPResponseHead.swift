/// A response without its body.
package struct HTTPResponseHead: Sendable, Equatable {
    package var status: HTTPStatus
    package var fields: HTTPFields

    package init(status: HTTPStatus, fields: HTTPFields = HTTPFields()) {
        self.status = status
        self.fields = fields
    }
}
