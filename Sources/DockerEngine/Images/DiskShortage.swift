package import BlueGreen

/// Too little room for images, with figures.
package struct DiskShortage: Hashable, Sendable, CustomStringConvertible {
    package enum Moment: Hashable, Sendable {
        /// Nothing was fetched yet for this service.
        case before
        /// The image is there and was given up again.
        case after
    }

    /// Whose image it is about.
    package let service: String
    package let moment: Moment
    /// Where Docker keeps its images.
    package let folder: String
    package let free: ByteCount
    /// The expected size of the image: that of the one that the service had before.
    package let need: ByteCount
    package let reserve: ByteCount

    package init(
        service: String, moment: Moment, folder: String, free: ByteCount, need: ByteCount,
        reserve: ByteCount
    ) {
        self.service = service
        self.moment = moment
        self.folder = folder
        self.free = free
        self.need = need
        self.reserve = reserve
    }

    package var description: String {
        let held = "\(reserve.wholeMebibytes) MB must stay free there (`disk: {reserve}`)"
        let found =
            switch moment {
            case .before where need == .zero:
                "There is no room for the image of \(service): \(folder) has "
                    + "\(free.wholeMebibytes) MB free, and \(held)."
            case .before:
                "There is no room for the image of \(service): it takes about "
                    + "\(need.wholeMebibytes) MB, \(folder) has \(free.wholeMebibytes) MB free, "
                    + "and \(held)."
            case .after:
                "The image of \(service) left \(free.wholeMebibytes) MB free in \(folder), and "
                    + "\(held). It was given up again."
            }
        return found + " Nothing was started. `teal clean` shows what Teal can remove, "
            + "`docker system df` what else takes the room."
    }
}
