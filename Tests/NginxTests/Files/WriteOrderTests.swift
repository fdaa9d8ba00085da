import BlueGreen
import Testing

@testable import Nginx

@Suite("The order in which nginx's files are written")
struct WriteOrderTests {
    private let present = """
        # old
        set $_shop_colour blue;
        if (-f /x/live/green) {
            set $_shop_colour green;
        }
        set $_shop_old "";
        set $shop_web shop_web_$_shop_colour;

        """
    private let wanted = """
        # new
        set $_shop_colour blue;
        if (-f /x/live/green) {
            set $_shop_colour green;
        }
        set $_shop_at_slot "";
        if (-f $_shop_at_slot) {
            set $_shop_log 1;
        }
        set $shop_web shop_web_$_shop_colour;
        access_log /x/watch/requests.log _shop_watch if=$_shop_log;

        """

    @Test(
        "While http.conf changes, server.conf names nothing of it and sends all to the live colour")
    func bridge() {
        let texts = ["http.conf": "http", "server.conf": wanted, "green-watched/special": "x"]
        let order = WriteOrder(
            Set(texts.keys), from: texts, serverFile: present, live: .green)
        #expect(
            order.writes.map(\.name) == [
                "green-watched/special", "server.conf", "http.conf", "server.conf",
            ])
        #expect(
            order.writes[1].text == """
                # Written by Teal while it changes http.conf; the next run completes it.
                set $_shop_colour green;
                set $_shop_at_slot "";
                set $shop_web shop_web_$_shop_colour;
                set $_shop_old "";

                """)
        #expect(order.writes.last?.text == wanted)
    }

    @Test("Removed files go last, and of all of them the one that includes the others goes first")
    func removals() {
        let some = WriteOrder(
            ["http.conf", "api.conf"], from: ["http.conf": "http"], serverFile: present,
            live: .blue)
        #expect(some.writes.map(\.name) == ["http.conf", "api.conf"])
        let all = WriteOrder(
            ["api.conf", "server.conf", "http.conf"], from: [:], serverFile: present, live: nil)
        #expect(all.writes.map(\.name) == ["http.conf", "api.conf", "server.conf"])
        #expect(all.writes.allSatisfy { $0.text == nil })
    }
}
