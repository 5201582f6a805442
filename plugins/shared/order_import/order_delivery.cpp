// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/order_delivery.hpp"

#include "plugins/shared/netsuite_documents/create_or_adopt.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace carrick::plugins {

namespace {

// One look-up reads the totals of so many orders; more would let finished orders wait for it.
constexpr std::size_t kReadBackTogether = 25;

struct Placed {
    std::uint32_t record = 0;
    std::string external_id;
    std::string id;
    bool just_made = false;  ///< by this call
};

class Delivery {
public:
    using About = std::function<Result<DeliveredOrder>(const sdk::RecordView&)>;

    Delivery(sdk::Call& call, const DocumentForm& form, const sdk::Records& records,
             const About& about)
        : call_(call), form_(form), records_(records), about_(about) {}

    void run(const sdk::Payloads& payloads) {
        std::vector<Document> documents;
        std::vector<sdk::PayloadView> changes;
        std::vector<sdk::PayloadView> unseen;
        for (const sdk::PayloadView& payload : payloads) {
            if (payload.action == sdk::WriteAction::Adopt && payload.write == kChangeWrite)
                unseen.push_back(payload);
            else if (payload.action == sdk::WriteAction::Adopt)
                adopt(payload);
            else if (payload.action == sdk::WriteAction::Update)
                changes.push_back(payload);
            else
                documents.push_back({payload.record, std::string(form_.record_type),
                                     std::string(payload.external_id), std::string(payload.body)});
        }
        for (std::size_t from = 0; from < documents.size(); from += kReadBackTogether) {
            if (call_.cancelled()) return;
            const std::size_t count = std::min(kReadBackTogether, documents.size() - from);
            place(std::span(documents).subspan(from, count));
        }
        if (!changes.empty() && !call_.cancelled()) change(changes);
        if (!unseen.empty() && !call_.cancelled()) look_for(unseen);
        read_back();
        read_closed();
        compare_addresses();
    }

private:
    /// Found, linked and left: another tool or a person made it, and its amounts are theirs. Our
    /// own earlier write is checked like a new one.
    void adopt(const sdk::PayloadView& payload) {
        const std::string ours = "AMZ-" + std::string(document_code(form_.kind)) + "-";
        if (payload.external_id.starts_with(ours))
            placed_.push_back({payload.record, std::string(payload.external_id),
                               std::string(payload.target_id), false});
        else
            finish(payload.record, std::string(payload.target_id), Whose::Others);
    }

    void place(std::span<const Document> documents) {
        create_or_adopt(call_, documents, [&](std::size_t at, const Written& written) {
            const Document& document = documents[at];
            const Result<DeliveredOrder> about = about_(records_[document.record]);
            if (!about) return call_.failed(document.record, about.error());
            // An earlier write of ours, unknown until now. What it lacks of this version is decided
            // with its lines in view, not taken for done.
            if (!written.created && about->followed)
                return call_.failed(
                    document.record,
                    transient("order.there_already",
                              "order " + about->order_id + ": sales order " + written.id +
                                  " was there already, and queries did not show it yet; it is "
                                  "compared with Amazon's figures at the next try"));
            placed_.push_back({document.record, document.external_id, written.id, written.created});
        });
        read_back();
    }

    /// Sales orders that no query shows any more, or yet: the record itself tells which.
    void look_for(const std::vector<sdk::PayloadView>& unseen) {
        std::vector<sdk::Request> requests;
        for (const sdk::PayloadView& payload : unseen)
            requests.push_back(status_request(std::string(payload.target_id)));
        call_.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
            const sdk::PayloadView& payload = unseen[at];
            const std::string order(records_[payload.record].key);
            if (reply.failed() && reply.error.code == "netsuite.nonexistent_id")
                return call_.skipped(payload.record, "imported before; not in NetSuite any more");
            if (!reply.ok()) return void(call_.settle_failure(payload.record, reply));
            call_.failed(payload.record,
                         transient("order.not_shown",
                                   "order " + order +
                                       " has changed at Amazon, and queries do not "
                                       "show its sales order " +
                                       std::string(payload.target_id) +
                                       ", which is there; if this stays so, let the role see sales "
                                       "orders in SuiteQL, and retry"));
        });
    }

    /// Each line of a change has its key, so that one whose answer was lost may be sent again.
    void change(const std::vector<sdk::PayloadView>& changes) {
        std::vector<sdk::Request> requests;
        for (const sdk::PayloadView& payload : changes) {
            std::string body = Json::object({{"record_type", Json(form_.record_type)},
                                             {"id", Json(payload.target_id)}})
                                   .dump();
            body.back() = ',';
            body += "\"body\":" + std::string(payload.body) + '}';
            if (payload.body.find("\"shippingAddress\"") != std::string_view::npos)
                readdressed_.insert(payload.record);
            requests.push_back(sdk::Request::write(payload.record, "netsuite.records.patch", body));
        }
        call_.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
            const sdk::PayloadView& payload = changes[at];
            if (!reply.ok()) return void(call_.settle_failure(payload.record, reply));
            const Result<DeliveredOrder> about = about_(records_[payload.record]);
            if (!about) return call_.failed(payload.record, about.error());
            // Another tool's order may have no external id; its totals are told apart by its own.
            const std::string id(payload.target_id);
            const Placed order{payload.record, id, id, false};
            (about->cancelled ? closed_ : changed_).push_back(order);
        });
        // The record itself tells the new total; a query may still tell the old one.
        std::map<std::string, std::string> totals;
        placed_.swap(changed_);
        read_missing_one_by_one(totals);
        check_all(totals);
        placed_.swap(changed_);
    }

    /// What was cancelled must be closed: else it is shipped after all.
    void read_closed() {
        std::vector<sdk::Request> requests;
        for (const Placed& order : closed_) requests.push_back(status_request(order.id));
        if (requests.empty()) return;
        call_.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
            const Placed& order = closed_[at];
            if (!reply.ok()) return void(call_.settle_failure(order.record, reply));
            const std::string& status = reply.body["record"]["status"]["id"].text();
            if (status == "C" || status == "H") return finish(order.record, order.id);
            call_.failed(order.record,
                         rejected("order.close_read_back",
                                  "order " + std::string(records_[order.record].key) +
                                      " was cancelled at Amazon; all lines of sales order " +
                                      order.id + " were closed, and its status is still \"" +
                                      status + "\": close it by hand, and retry",
                                  "status"));
        });
    }

    void read_back() {
        if (placed_.empty()) return;
        std::map<std::string, std::string> totals = totals_by_external_id();
        read_missing_one_by_one(totals);
        check_all(totals);
    }

    void check_all(const std::map<std::string, std::string>& totals) {
        for (const Placed& order : placed_)
            if (const auto total = totals.find(order.external_id); total != totals.end())
                check(order, total->second);
        placed_.clear();
    }

    std::map<std::string, std::string> totals_by_external_id() {
        Json keys = Json::array();
        for (const Placed& order : placed_) keys.push_back(Json(order.external_id));
        const sdk::Reply reply =
            call_.call_one("target", "netsuite.lookup.external_id",
                           Json::object({{"family", Json("transaction")}, {"keys", keys}}));
        std::map<std::string, std::string> totals;
        if (!reply.ok()) return totals;
        for (const JsonMember& found : reply.body["found"].members())
            if (const std::string& total = text_of(found.value["total"]); !total.empty())
                totals[found.key] = total;
        return totals;
    }

    /// Queries may lag behind writes by seconds; the record itself does not.
    void read_missing_one_by_one(std::map<std::string, std::string>& totals) {
        std::vector<sdk::Request> requests;
        std::vector<const Placed*> asked;
        for (const Placed& order : placed_) {
            if (totals.contains(order.external_id)) continue;
            asked.push_back(&order);
            requests.push_back(total_request(order.id));
        }
        if (requests.empty()) return;
        call_.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
            const Placed& order = *asked[at];
            if (reply.ok())
                totals[order.external_id] = text_of(reply.body["record"]["total"]);
            else if (reply.failed() && !order.just_made &&
                     reply.error.code == "netsuite.nonexistent_id")
                call_.skipped(order.record, "imported before; not in NetSuite any more");
            else if (reply.failed() && order.just_made &&
                     reply.error.error_class == ErrorClass::Transient)
                // It is there, and nobody remembers it yet: no newer version may pass it by.
                call_.unknown(order.record, reply.error.message);
            else
                // The order is there; only its total is unread. A retry finds and adopts it.
                call_.settle_failure(order.record, reply);
        });
    }

    [[nodiscard]] sdk::Request status_request(const std::string& id) const {
        return sdk::Request::read("netsuite.records.get",
                                  Json::object({{"record_type", Json(form_.record_type)},
                                                {"id", Json(id)},
                                                {"fields", Json::array({Json("status")})}}));
    }

    [[nodiscard]] sdk::Request whole_request(const std::string& id) const {
        return sdk::Request::read("netsuite.records.get",
                                  Json::object({{"record_type", Json(form_.record_type)},
                                                {"id", Json(id)},
                                                {"expand", Json(true)}}));
    }

    [[nodiscard]] sdk::Request total_request(const std::string& id) const {
        return sdk::Request::read("netsuite.records.get",
                                  Json::object({{"record_type", Json(form_.record_type)},
                                                {"id", Json(id)},
                                                {"fields", Json::array({Json("total")})}}));
    }

    static const std::string& text_of(const Json& value) {
        return value.number_if() != nullptr ? *value.number_if() : value.text();
    }

    void check(const Placed& order, const std::string& stated) {
        const Result<DeliveredOrder> about = about_(records_[order.record]);
        if (!about) return call_.failed(order.record, about.error());
        const Result<Decimal> total = Decimal::parse_number_token(stated);
        if (total && *total == about->expected.amount()) return finish(order.record, order.id);
        if (total && is_rounding(*about, *total)) return settle_residue(order, *about, *total);
        mismatch(order, *about, stated);
    }

    /// The link stays, so that people find the document; billing and payment must not go on.
    void mismatch(const Placed& order, const DeliveredOrder& about, const std::string& stated) {
        link(order.record, about, order.id);
        call_.failed(
            order.record,
            rejected("order.total_read_back",
                     "order " + about.order_id + ": NetSuite's " + std::string(form_.words) + " " +
                         order.id + " says " + (stated.empty() ? "no total" : stated) +
                         ", the customer owes " + about.expected.text() +
                         "; a tax engine, script or price level changed it, "
                         "or Amazon did: " +
                         (about.followed ? "put an end to that, and retry: the figures "
                                           "are then written once more"
                                         : "correct it in NetSuite and retry"),
                     "total"));
    }

    static bool is_rounding(const DeliveredOrder& about, const Decimal& total) {
        const Result<Decimal> residue = about.expected.amount().minus(total);
        return !about.rounding_item.empty() && residue && residue->absolute() <= about.max_rounding;
    }

    /// NetSuite's tax is a cent off Amazon's: the rounding line, which the document has from the
    /// start, takes it. Setting a line's amount can be repeated, adding a line could not.
    void settle_residue(const Placed& order, const DeliveredOrder& about, const Decimal& total) {
        const sdk::Reply read = call_.call_one("target", whole_request(order.id));
        if (!read.ok()) {
            call_.settle_failure(order.record, read);
            return;
        }
        const Json* line = rounding_line(read.body["record"], about.rounding_item);
        if (line == nullptr) return mismatch(order, about, total.text());
        const Decimal amount = (*line)["amount"]
                                   .decimal_if()
                                   .value_or(Decimal())
                                   .plus(about.expected.amount().minus(total).value())
                                   .value_or(total);
        if (amount.absolute() > about.max_rounding) return mismatch(order, about, total.text());
        const Json change = Json::object({{"line", (*line)["line"]},
                                          {"price", Json::object({{"id", Json("-1")}})},
                                          {"rate", Json(amount)},
                                          {"amount", Json(amount)}});
        const sdk::Reply written = call_.call_one(
            "target",
            sdk::Request::write(
                order.record, "netsuite.records.patch",
                Json::object(
                    {{"record_type", Json(form_.record_type)},
                     {"id", Json(order.id)},
                     {"body",
                      Json::object(
                          {{"item", Json::object({{"items", Json::array({change})}})}})}})));
        if (!written.ok()) {
            call_.settle_failure(order.record, written);
            return;
        }
        check_again(order, about);
    }

    static const Json* rounding_line(const Json& record, const std::string& item) {
        for (const Json& line : record["item"]["items"].items())
            if (line["item"]["id"].text() == item) return &line;
        return nullptr;
    }

    void check_again(const Placed& order, const DeliveredOrder& about) {
        const sdk::Reply read = call_.call_one("target", total_request(order.id));
        if (!read.ok()) {
            call_.settle_failure(order.record, read);
            return;
        }
        const std::string& stated = text_of(read.body["record"]["total"]);
        const Result<Decimal> total = Decimal::parse_number_token(stated);
        if (total && *total == about.expected.amount()) return finish(order.record, order.id);
        mismatch(order, about, stated);
    }

    /// From the order, and from the shipment: an order may have several documents, one of them its.
    void link(std::uint32_t record, const DeliveredOrder& about, const std::string& id) {
        call_.link_put(record, form_.link, about.order_id, id);
        if (!about.shipment.empty())
            call_.link_put(record, form_.shipment_link, about.shipment, id);
    }

    enum class Whose { Ours, Others };

    void finish(std::uint32_t record, const std::string& id, Whose whose = Whose::Ours) {
        const Result<DeliveredOrder> about = about_(records_[record]);
        if (!about) return call_.failed(record, about.error());
        if (!about->address.is_null() && !readdressed_.contains(record))
            return unaddressed_.push_back({record, {}, id, false});
        settle(record, id, *about, whose);
    }

    /// A new address that was not written, because somebody has the goods in hand: a person sets it
    /// there, or it is the same by now.
    void compare_addresses() {
        std::vector<sdk::Request> requests;
        for (const Placed& order : unaddressed_) requests.push_back(whole_request(order.id));
        if (requests.empty()) return;
        call_.call("target", requests, [&](std::size_t at, const sdk::Reply& reply) {
            const Placed& order = unaddressed_[at];
            if (!reply.ok()) return void(call_.settle_failure(order.record, reply));
            const Result<DeliveredOrder> about = about_(records_[order.record]);
            if (!about) return call_.failed(order.record, about.error());
            if (is_same_place(about->address, reply.body["record"]["shippingAddress"]))
                return settle(order.record, order.id, *about, Whose::Ours);
            link(order.record, *about, order.id);
            call_.failed(
                order.record,
                rejected("order.address_too_late",
                         "order " + about->order_id +
                             " has a new address at Amazon, and goods of " +
                             std::string(form_.words) + " " + order.id +
                             " are being picked or have left: see where they go, set the address "
                             "there as Amazon shows it, and retry; or resolve this error",
                         "shippingAddress"));
        });
    }

    /// By what tells a parcel where to go, as a person may type it.
    static bool is_same_place(const Json& wanted, const Json& there) {
        const auto plain = [](const std::string& text) {
            std::string out;
            for (const char c : text)
                if (c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            return out;
        };
        for (const char* part : {"addr1", "city", "zip"})
            if (plain(wanted[part].text()) != plain(there[part].text())) return false;
        return true;
    }

    void settle(std::uint32_t record, const std::string& id, const DeliveredOrder& order,
                Whose whose) {
        const DeliveredOrder* about = &order;
        link(record, *about, id);
        Json ids = Json::object({{std::string(form_.record_type), Json(id)}});
        // Other people's documents are held against later versions only where those may edit them.
        if (!about->seen.empty() && (whose == Whose::Ours || about->followed))
            ids.set("seen", Json(about->seen));
        Json learnt = Json::object({{"id", Json(id)}});
        if (about->cancelled) learnt.set("closed", Json(true));
        call_.done(record, ids,
                   Json::object({{std::string(form_.record_type), std::move(learnt)}}));
    }

    sdk::Call& call_;
    const DocumentForm& form_;
    const sdk::Records& records_;
    const About& about_;
    std::vector<Placed> placed_;           // written; their totals are to be read
    std::vector<Placed> changed_;          // the same for changes
    std::vector<Placed> closed_;           // their status is to be read
    std::vector<Placed> unaddressed_;      // their address is to be compared
    std::set<std::uint32_t> readdressed_;  // records whose change brought the new address
};

}  // namespace

void deliver_documents(sdk::Call& call, const DocumentForm& form, const sdk::Records& records,
                       const sdk::Payloads& payloads,
                       const std::function<Result<DeliveredOrder>(const sdk::RecordView&)>& about) {
    Delivery(call, form, records, about).run(payloads);
}

}  // namespace carrick::plugins
