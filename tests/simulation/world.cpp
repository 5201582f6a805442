// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/world.hpp"

#include <algorithm>

namespace carrick::simulation {

using connectors::Reply;
using connectors::ReplyStatus;

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kBusyTime = 360 * kMinute;  // orders appear and change during six hours

Reply ok(const Json& body) {
    return {ReplyStatus::Ok, body.dump(), {}};
}
Reply failed(Error error) {
    return {ReplyStatus::Failed, {}, std::move(error)};
}
Reply lost() {
    return {ReplyStatus::Unknown, {}, transient("net.lost", "the answer was lost")};
}

}  // namespace

std::string OrderVersion::body() const {
    return Json::object({{"id", Json(key)},
                         {"version", Json(version)},
                         {"target", Json(unsafe ? "unsafe" : "safe")},
                         {"poison", Json(poison)},
                         {"cancelled", Json(cancelled)},
                         {"item", Json(item)}})
        .dump();
}

World::World(std::uint64_t seed, VirtualClock& clock, CrashPlan& crash)
    : random_(seed), clock_(clock), crash_(crash) {
    make_orders();
}

void World::make_orders() {
    const UtcTime start = clock_.now();
    for (int item = 0; item < 6; ++item)
        // One item in six is never made: the orders that need it wait until their deadline.
        if (item != 5)
            items_["I" + std::to_string(item)] =
                start + (item < 3 ? Milliseconds(0) : up_to(kBusyTime));
    const std::uint64_t count = 10 + random_.below(30);
    for (std::uint64_t i = 0; i < count; ++i) {
        OrderVersion order;
        order.partition = chance(60) ? "US" : "DE";
        order.key = order.partition + "-" + std::to_string(i);
        order.unsafe = chance(50);
        order.item = "I" + std::to_string(chance(5) ? 5 : random_.below(5));
        UtcTime at = start + up_to(kBusyTime);
        for (std::uint64_t changes = 1 + random_.below(4); changes > 0; --changes) {
            ++order.version;
            // A third of what changes at all ends cancelled: the version that decides by what it
            // finds, and decides wrongly where it overtakes a write that becomes visible late.
            order.cancelled = order.version > 1 && changes == 1 && chance(33);
            order.poison = !order.cancelled && chance(8);
            orders_[order.key].push_back(order);
            log_[order.partition].push_back({at, order});
            // The same again: an overlapping window. Late: an older version behind a newer one.
            if (chance(20)) log_[order.partition].push_back({at + up_to(30 * kMinute), order});
            // Half of the changes follow hard on the last one, while its write may be on its way.
            at = at + up_to((chance(50) ? 2 : 60) * kMinute);
        }
    }
    for (auto& [partition, events] : log_)
        std::stable_sort(events.begin(), events.end(),
                         [](const Event& a, const Event& b) { return a.at < b.at; });
}

void World::heal() {
    healed_ = true;
    for (auto& [item, at] : items_) at = std::min(at, clock_.now());
}

std::optional<UtcTime> World::next_event() const {
    std::optional<UtcTime> next;
    const auto consider = [&](UtcTime at) {
        if (at > clock_.now() && (!next || at < *next)) next = at;
    };
    for (const SlowWrite& write : slow_) consider(write.at);
    return next;
}

void World::note(std::string_view text) {
    for (const char c : text) {
        trace_ ^= static_cast<unsigned char>(c);
        trace_ *= 1099511628211ULL;
    }
    if (log) log(clock_.now().text() + " " + std::string(text));
}

World::Fault World::roll() {
    if (healed_) return Fault::None;
    const std::uint64_t dice = random_.below(100);
    if (dice < 4) return Fault::Throttled;
    if (dice < 8) return Fault::ServerError;
    if (dice < 12) return Fault::LostBefore;
    if (dice < 18) return Fault::LostAfter;
    if (dice < 28) return Fault::Slow;
    return Fault::None;
}

void World::book(const std::string& external_id, const std::string& body, bool enforced,
                 UtcTime at) {
    Document& document = documents_[external_id];
    if (enforced && document.creations > 0) return;
    ++document.creations;
    document.id = "D" + std::to_string(documents_.size());
    document.body = body;
    document.visible_at = at + (healed_ ? Milliseconds(0) : up_to(kMinute));
}

void World::settle_slow_writes() {
    for (const SlowWrite& write : slow_)
        if (write.at <= clock_.now()) book(write.external_id, write.body, write.enforced, write.at);
    std::erase_if(slow_, [&](const SlowWrite& write) { return write.at <= clock_.now(); });
}

// ---- the source
// ----------------------------------------------------------------------------------

Reply World::search(const Json& request) {
    if (const Fault fault = roll(); fault == Fault::Throttled)
        return failed(throttled("source.quota", "slow down", up_to(5 * kMinute)));
    else if (fault == Fault::ServerError || fault == Fault::LostAfter)
        return failed(transient("source.down", "internal error"));
    const std::vector<Event>& events = log_[request["partition"].text()];
    auto from = static_cast<std::size_t>(request["after"].integer_if().value_or(0));
    // Windows overlap: a poll sees a little of what the last one saw.
    const std::size_t start = from - std::min<std::size_t>(from, healed_ ? 0 : random_.below(3));
    Json list = Json::array();
    std::size_t at = start;
    for (const std::size_t limit = start + 1 + random_.below(12); at < events.size() && at < limit;
         ++at) {
        if (events[at].at > clock_.now()) break;
        const OrderVersion& order = events[at].order;
        list.push_back(Json::object({{"key", Json(order.key)},
                                     {"version", Json(order.version)},
                                     {"body", Json(order.body())}}));
    }
    const std::size_t next = std::max(from, at);
    const bool more = next < events.size() && events[next].at <= clock_.now();
    return ok(Json::object(
        {{"orders", list}, {"next", Json(static_cast<std::int64_t>(next))}, {"more", Json(more)}}));
}

// ---- the target
// ----------------------------------------------------------------------------------

Reply World::create(const Json& request) {
    settle_slow_writes();
    const std::string& external_id = request["external_id"].text();
    const bool enforced = *request["enforced"].bool_if();
    if (*request["poison"].bool_if())
        return failed(rejected("target.refused", "the period is closed"));
    const Fault fault = roll();
    if (fault == Fault::Throttled)
        return failed(throttled("target.quota", "slow down", up_to(kMinute)));
    if (fault == Fault::ServerError) return failed(transient("target.down", "internal error"));
    if (fault == Fault::LostBefore) return lost();
    if (fault == Fault::Slow) {
        slow_.push_back({clock_.now() + Milliseconds(1) + up_to(2 * kMinute), external_id,
                         request["body"].text(), enforced});
        return lost();
    }
    if (enforced && documents_.contains(external_id))
        return failed(
            rejected("target.duplicate", "the external id exists", documents_[external_id].id));
    book(external_id, request["body"].text(), enforced, clock_.now());
    crash_.pass();
    if (fault == Fault::LostAfter) return lost();
    return ok(Json::object({{"id", Json(documents_[external_id].id)}}));
}

Reply World::update(const Json& request) {
    settle_slow_writes();
    if (*request["poison"].bool_if())
        return failed(rejected("target.refused", "the period is closed"));
    const Fault fault = roll();
    if (fault == Fault::Throttled)
        return failed(throttled("target.quota", "slow down", up_to(kMinute)));
    if (fault == Fault::ServerError) return failed(transient("target.down", "internal error"));
    if (fault == Fault::LostBefore || fault == Fault::Slow) return lost();
    for (auto& [external_id, document] : documents_)
        if (document.id == request["id"].text()) {
            document.body = request["body"].text();
            crash_.pass();
            return fault == Fault::LostAfter ? lost()
                                             : ok(Json::object({{"id", Json(document.id)}}));
        }
    return failed(rejected("target.no_document", "no such document"));
}

Reply World::find(const Json& request) {
    settle_slow_writes();
    if (roll() == Fault::ServerError) return failed(transient("target.down", "internal error"));
    Json found = Json::object();
    for (const Json& key : request["keys"].items()) {
        const auto document = documents_.find(key.text());
        if (document == documents_.end() || document->second.visible_at > clock_.now()) continue;
        found.set(key.text(), Json::object({{"id", Json(document->second.id)},
                                            {"body", Json(document->second.body)}}));
    }
    return ok(Json::object({{"found", found}}));
}

Reply World::items(const Json& request) {
    if (roll() == Fault::ServerError) return failed(transient("target.down", "internal error"));
    Json found = Json::object();
    for (const Json& key : request["keys"].items())
        if (const auto item = items_.find(key.text());
            item != items_.end() && item->second <= clock_.now())
            found.set(key.text(), Json::object({{"id", Json("item-" + key.text())}}));
    return ok(Json::object({{"found", found}}));
}

// ---- the connection
// ------------------------------------------------------------------------------

std::span<const connectors::Operation> WorldConnection::operations() const {
    using connectors::OperationKind;
    static const std::vector<connectors::Operation> kOperations{
        {"world.search", OperationKind::Read, "", {}, {}},
        {"world.create", OperationKind::Write, "", {}, {}},
        {"world.update", OperationKind::Write, "", {}, {}},
        {"world.find", OperationKind::Lookup, "", {}, {}},
        {"world.items", OperationKind::Lookup, "", {}, {}}};
    return kOperations;
}

void WorldConnection::call(std::span<const connectors::Request> requests,
                           const connectors::CallContext&, connectors::ReplyHandler& handler) {
    using Operation = Reply (World::*)(const Json&);
    static const std::map<std::string, Operation, std::less<>> kTable{
        {"world.search", &World::search},
        {"world.create", &World::create},
        {"world.update", &World::update},
        {"world.find", &World::find},
        {"world.items", &World::items}};
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const Json body = Json::parse(requests[i].body).value();
        Reply reply = (world_.*kTable.at(requests[i].operation))(body);
        world_.note(requests[i].operation + " " + requests[i].body + " -> " +
                    std::to_string(static_cast<int>(reply.status)) + " " + reply.body +
                    reply.error.code);
        handler.on_reply(i, std::move(reply));
    }
}

}  // namespace carrick::simulation
