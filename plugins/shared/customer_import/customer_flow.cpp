// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/customer_import/customer_flow.hpp"

#include "plugins/shared/netsuite_documents/create_or_adopt.hpp"
#include "plugins/shared/time/go_live.hpp"

#include <map>

namespace carrick::plugins {

namespace {

constexpr const char* kWrite = "customer";

Json learnt_customer(std::string_view id) {
    return Json::object({{"customer", Json::object({{"id", Json(id)}})}});
}

std::string id_of(const sdk::LookupView& answer) {
    const Result<Json> body = answer.json();
    return body ? (*body)["id"].text() : std::string();
}

/// Which of several to take is for a person to say: look-ups then tell no id.
Error ambiguous(const Order& order, const std::string& what, const std::string& way_out) {
    return rejected("customer.ambiguous", "order " + order.id.text +
                                              ": several NetSuite customers "
                                              "have " +
                                              what + "; " + way_out + ", and retry");
}

}  // namespace

CustomerFlow::CustomerFlow(std::string account, std::string marketplace, std::string identity_key,
                           CustomerSettings settings, bool by_amazon)
    : account_(std::move(account)),
      marketplace_(std::move(marketplace)),
      identity_key_(std::move(identity_key)),
      settings_(std::move(settings)),
      by_amazon_(by_amazon),
      handed_out_(settings_.rotate_at) {}

const CustomerFlow::Wanted* CustomerFlow::wanted(sdk::Pure& pure, const sdk::RecordView& record) {
    if (const Wanted* known = wanted_.find(record)) return known;
    const auto fail = [&](const Error& error) {
        pure.failed(record, error);
        return nullptr;
    };
    Result<Json> json = record.json();
    if (!json) return fail(json.error());
    Result<Order> order = parse_order(*json, false);
    if (!order) return fail(order.error());
    const auto skip = [&](std::string_view reason, const sdk::JsonText& learnt = {}) {
        pure.skipped(record, reason, learnt);
        return nullptr;
    };
    if (by_amazon_ == order->merchant_fulfilled)
        return skip(by_amazon_ ? "fulfilled by the merchant" : "fulfilled by Amazon");
    if (order->is_cancelled()) return skip("cancelled");
    const Result<bool> early =
        placed_before_go_live(order->created, marketplace_, settings_.go_live);
    if (!early) return fail(early.error());
    if (*early) return skip("placed before go-live");
    if (!order->is_open_or_shipped()) return skip("not payable yet");
    if (const Result<void> ours = belongs_to(*order, marketplace_); !ours)
        return fail(ours.error());
    Result<CustomerIdentity> identity =
        identify_customer(*order, settings_, account_, marketplace_, identity_key_);
    if (!identity) return fail(identity.error());
    if (!identity->individual && !settings_.use.empty())
        return skip("customer known", learnt_customer(settings_.use));
    return &wanted_.keep(record, {std::move(*order), std::move(*identity)});
}

void CustomerFlow::needs(sdk::Pure& pure, const sdk::Records& records) {
    wanted_.forget();
    for (const sdk::RecordView& record : records) {
        const Wanted* look_for = wanted(pure, record);
        if (look_for == nullptr) continue;
        pure.emit_lookup(record, "customer", look_for->identity.external_id);
        if (rotates(*look_for)) pure.emit_lookup(record, "pool", look_for->identity.external_id);
        if (look_for->identity.individual && settings_.match_email &&
            !look_for->identity.email.empty())
            pure.emit_lookup(record, "customer_by_email", look_for->identity.email);
        if (!settings_.currency.empty()) pure.emit_lookup(record, "currency", settings_.currency);
    }
}

void CustomerFlow::map(sdk::Pure& pure, const sdk::Records& records, const sdk::Lookups& lookups,
                       const sdk::Ledger&) {
    for (const sdk::RecordView& record : records) {
        const Wanted* look_for = wanted(pure, record);
        if (look_for == nullptr) continue;
        if (take_from_pool(pure, record, *look_for, lookups)) continue;
        const auto known = lookups.find(record, "customer");
        if (known && known->found) {
            if (const std::string id = id_of(*known); !id.empty())
                pure.skipped(record, "customer known", learnt_customer(id));
            else
                pure.failed(record, ambiguous(look_for->order,
                                              "the external id " + look_for->identity.external_id,
                                              "take it off all but one"));
            continue;
        }
        const auto by_email = lookups.find(record, "customer_by_email");
        if (by_email && by_email->found) {
            if (const std::string id = id_of(*by_email); !id.empty())
                pure.skipped(record, "customer matched by e-mail", learnt_customer(id));
            else
                pure.failed(record, ambiguous(look_for->order, "the buyer's e-mail address",
                                              "merge them or set customer.match_email to false"));
            continue;
        }
        make(pure, record, look_for->order, look_for->identity, lookups);
    }
}

bool CustomerFlow::rotates(const Wanted& look_for) const {
    return settings_.rotate_at > 0 && !look_for.identity.individual;
}

bool CustomerFlow::take_from_pool(sdk::Pure& pure, const sdk::RecordView& record,
                                  const Wanted& look_for, const sdk::Lookups& lookups) {
    if (!rotates(look_for)) return false;
    const auto pool = lookups.find(record, "pool");
    const std::optional<PooledCustomer> latest =
        pool && pool->found
            ? latest_customer(pool->json().value_or(Json()), look_for.identity.external_id)
            : std::nullopt;
    std::int64_t from = 1;
    if (latest) {
        handed_out_.counted(latest->number, latest->transactions);
        from = latest->inactive ? latest->number + 1 : latest->number;
    }
    const std::int64_t number = handed_out_.take(from, record.key);
    if (latest && number == latest->number) {
        pure.skipped(record, "customer known", learnt_customer(latest->id));
        return true;
    }
    if (number == 1) return false;
    const Result<CustomerIdentity> next = successor(account_, marketplace_, number - 1);
    if (next)
        make(pure, record, look_for.order, *next, lookups);
    else
        pure.failed(record, next.error());
    return true;
}

void CustomerFlow::make(sdk::Pure& pure, const sdk::RecordView& record, const Order& order,
                        const CustomerIdentity& identity, const sdk::Lookups& lookups) const {
    const auto currency = lookups.find(record, "currency");
    const Json customer =
        to_customer(order, identity, settings_, marketplace_,
                    currency && currency->found ? id_of(*currency) : std::string());
    pure.emit_payload(record,
                      {.write = kWrite, .external_id = identity.external_id, .body = customer});
}

void CustomerFlow::deliver(sdk::Call& call, const sdk::Records&, const sdk::Payloads& payloads,
                           const sdk::Ledger&) {
    // Several orders of a page may want the same new customer: it is made once, for the first.
    std::vector<Document> documents;
    std::vector<std::vector<std::uint32_t>> sharers;
    std::map<std::string, std::size_t, std::less<>> by_external_id;
    for (const sdk::PayloadView& payload : payloads) {
        const auto [found, is_new] =
            by_external_id.try_emplace(std::string(payload.external_id), documents.size());
        if (is_new) {
            documents.push_back({payload.record, "customer", std::string(payload.external_id),
                                 std::string(payload.body)});
            sharers.emplace_back();
        } else {
            sharers[found->second].push_back(payload.record);
        }
    }
    create_or_adopt(call, documents, [&](std::size_t at, const Written& written) {
        const Json target = Json::object({{kWrite, Json(written.id)}});
        const Json learnt = learnt_customer(written.id);
        call.done(documents[at].record, target, learnt);
        for (const std::uint32_t record : sharers[at])
            call.skipped(record, "customer known", learnt);
        sharers[at].clear();
    });
    // Nothing was tried for them either when the call was cut short.
    if (call.cancelled()) return;
    // The first one's customer could not be made: the others try again on their own, a little
    // later.
    for (std::size_t at = 0; at < documents.size(); ++at)
        for (const std::uint32_t record : sharers[at])
            call.failed(
                record,
                transient(
                    "customer.not_made",
                    "the customer " + documents[at].external_id +
                        " could not be made for another order of the same page; see its error"));
}

namespace {

Result<std::unique_ptr<CustomerFlow>> make_flow(const sdk::FlowConfig& config, bool by_amazon) {
    return std::make_unique<CustomerFlow>(config.origin, config.partition,
                                          config.extra["identity_key"].text(),
                                          CustomerSettings::parse(config.settings), by_amazon);
}

}  // namespace

Result<std::unique_ptr<CustomerFlow>> make_mfn_customer_flow(const sdk::FlowConfig& config) {
    return make_flow(config, false);
}

Result<std::unique_ptr<CustomerFlow>> make_fba_customer_flow(const sdk::FlowConfig& config) {
    return make_flow(config, true);
}

}  // namespace carrick::plugins
