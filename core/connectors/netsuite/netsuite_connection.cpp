// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/netsuite_connection.hpp"

#include "core/base/log.hpp"
#include "core/connectors/netsuite/batch.hpp"
#include "core/connectors/netsuite/batch_plan.hpp"
#include "core/connectors/netsuite/customer_transactions.hpp"
#include "core/connectors/netsuite/lookups.hpp"
#include "core/connectors/netsuite/metadata.hpp"
#include "core/connectors/netsuite/operations.hpp"
#include "core/connectors/netsuite/order_lines.hpp"
#include "core/connectors/netsuite/periods.hpp"
#include "core/connectors/netsuite/records.hpp"
#include "core/connectors/netsuite/references.hpp"
#include "core/connectors/netsuite/request_reader.hpp"
#include "core/connectors/netsuite/session.hpp"
#include "core/connectors/netsuite/suiteql.hpp"
#include "core/connectors/netsuite/tax_engine.hpp"
#include "core/connectors/netsuite/tba_signer.hpp"
#include "core/connectors/netsuite/token_source.hpp"
#include "core/connectors/parallel_calls.hpp"

#include <algorithm>
#include <cstdlib>

namespace carrick::connectors::netsuite {
namespace {

constexpr Milliseconds kForgivableSkew = std::chrono::minutes(5);
constexpr std::int64_t kMostByDefault = 4;
// Flows wait for slots inside the pool's threads, so there are more of them than slots; the budget,
// not the pool, decides who goes first.
constexpr std::size_t kThreadsPerSlot = 3;
// A batch holds a thread for minutes, but no slot: it is mostly waiting for the next poll.
constexpr std::size_t kBatchThreads = 8;
constexpr std::size_t kBatchesOfOneCall = 4;

Reply query(Session& session, const Json& request, const CallContext& context) {
    RequestReader reader("netsuite.suiteql.query", request);
    SuiteQl sql;
    sql.text = reader.text("q");
    sql.key_column = request["key_column"].text_or("id");
    sql.after = request["after"].text_or("0");
    sql.limit = reader.count("limit", sql.limit);
    if (!request["params"].is_null() && !request["params"].is_array())
        reader.complain("params is no list");
    if (reader.problem()) return failed_reply(*reader.problem());
    sql.params = request["params"].items();
    SuiteQlOutcome answer = run_suiteql(session, sql, context);
    if (!answer.outcome.ok()) return failed_reply(answer.outcome);
    Json body = Json::object({{"rows", Json::array(std::move(answer.result.rows))},
                              {"complete", Json(answer.result.complete)}});
    if (!answer.result.last_key.empty()) body.set("after", Json(answer.result.last_key));
    return {ReplyStatus::Ok, body.dump(), {}};
}

class NetSuiteConnection final : public Connection {
public:
    /// `signer` is there for OAuth 2.0 and for nothing else.
    NetSuiteConnection(NetSuiteOptions options, Account account, std::optional<JwtSigner> signer,
                       http::HttpTransport& transport, const Clock& clock, Random& random)
        : options_(std::move(options)),
          account_(std::move(account)),
          session_(options_, account_,
                   make_authenticator(std::move(signer), transport, clock, random), transport,
                   clock, random),
          metadata_(session_),
          references_(session_),
          pool_(kThreadsPerSlot * std::max(1U, session_.budget().max()) +
                (options_.write_mode == WriteMode::Single ? 0 : kBatchThreads)) {}

    std::span<const Operation> operations() const override { return operation_table(); }

    void call(std::span<const Request> requests, const CallContext& context,
              ReplyHandler& handler) override;

    Result<Json> schema(std::string_view record_type, const CallContext& context) override {
        return metadata_.schema(record_type, context);
    }

    Result<std::string> resolve_reference(std::string_view kind, std::string_view name,
                                          const CallContext& context) override {
        // No thing with an id, but also a word of a setting that the account has the last say on.
        if (kind == "netsuite.tax_engine") return confirm_tax_engine(metadata_, name, context);
        return references_.resolve(kind, name, context);
    }

    // A job takes minutes whatever its size, so sized by time its deliveries would shrink to a few
    // records, each with a job of its own.
    std::size_t preferred_batch() const override {
        return options_.write_mode == WriteMode::Single ? 0 : kMostInBatch;
    }

    Result<void> check(const CallContext& context) override;

private:
    std::unique_ptr<Authenticator> make_authenticator(std::optional<JwtSigner> signer,
                                                      http::HttpTransport& transport,
                                                      const Clock& clock, Random& random) const {
        if (!signer) return std::make_unique<TbaSigner>(options_.tba, account_.id, clock, random);
        return std::make_unique<TokenSource>(options_, account_, std::move(*signer), transport,
                                             clock, random);
    }

    using Handler = Reply (NetSuiteConnection::*)(const Json&, const CallContext&);
    struct Entry {
        std::string_view operation;
        Handler handler;
    };

    Reply carry_out(const Request& request, const CallContext& context);
    void run_singles(std::span<const Request> requests, const std::vector<std::size_t>& places,
                     const CallContext& context, ReplyHandler& handler);

    Reply create(const Json& request, const CallContext& context) {
        return create_record(session_, request, context);
    }
    Reply transform(const Json& request, const CallContext& context) {
        return transform_record(session_, request, context);
    }
    Reply batch(const Json& request, const CallContext& context) {
        return batch_records(session_, request, context);
    }
    Reply look_up_period(const Json& request, const CallContext& context) {
        return lookup_period(session_, request, context);
    }
    Reply count_transactions(const Json& request, const CallContext& context) {
        return lookup_customer_transactions(session_, request, context);
    }
    Reply get(const Json& request, const CallContext& context) {
        return get_record(session_, request, context);
    }
    Reply upsert(const Json& request, const CallContext& context) {
        return upsert_record(session_, request, context);
    }
    Reply patch(const Json& request, const CallContext& context) {
        return patch_record(session_, request, context);
    }
    Reply suiteql(const Json& request, const CallContext& context) {
        return query(session_, request, context);
    }
    Reply look_up(const Json& request, const CallContext& context) {
        return lookup(session_, request, context);
    }
    Reply look_up_external_id(const Json& request, const CallContext& context) {
        return lookup_external_id(session_, request, context);
    }
    Reply look_up_order(const Json& request, const CallContext& context) {
        return lookup_order(session_, metadata_, request, context);
    }
    Reply look_up_order_lines(const Json& request, const CallContext& context) {
        return lookup_order_lines(session_, metadata_, request, context);
    }
    Reply describe(const Json& request, const CallContext& context) {
        RequestReader reader("netsuite.metadata", request);
        const std::string record_type = reader.record_type("record_type");
        if (reader.problem()) return failed_reply(*reader.problem());
        Result<Json> schema = metadata_.schema(record_type, context);
        if (!schema) return failed_reply(schema.error());
        return {ReplyStatus::Ok, Json::object({{"schema", std::move(schema).value()}}).dump(), {}};
    }
    Reply features(const Json&, const CallContext& context) {
        const Result<Json> features = metadata_.features(context);
        if (!features) return failed_reply(features.error());
        return {ReplyStatus::Ok, features->dump(), {}};
    }

    void learn_concurrency(const CallContext& context);

    const NetSuiteOptions options_;
    const Account account_;
    Session session_;
    Metadata metadata_;
    References references_;
    ParallelCalls pool_;  // last: its threads use everything above
};

/// Passes replies on under the places that their requests have in the whole call.
class PlacedReplies final : public ReplyHandler {
public:
    using Receive = std::function<void(std::size_t, Reply)>;
    PlacedReplies(ReplyHandler& handler, Receive receive)
        : handler_(handler), receive_(std::move(receive)) {}
    void on_reply(std::size_t request, Reply reply) override {
        receive_(request, std::move(reply));
    }
    void on_tick() override { handler_.on_tick(); }

private:
    ReplyHandler& handler_;
    Receive receive_;
};

void NetSuiteConnection::run_singles(std::span<const Request> requests,
                                     const std::vector<std::size_t>& places,
                                     const CallContext& context, ReplyHandler& handler) {
    std::vector<Request> chosen;
    for (const std::size_t place : places) chosen.push_back(requests[place]);
    PlacedReplies placed(handler, [&](std::size_t at, Reply reply) {
        handler.on_reply(places[at], std::move(reply));
    });
    pool_.run(chosen, context, session_.budget().max(), placed,
              [&](const Request& request) { return carry_out(request, context); });
}

// Batches and single requests run side by side; what the batches leave over follows.
void NetSuiteConnection::call(std::span<const Request> requests, const CallContext& context,
                              ReplyHandler& handler) {
    const auto single = [&](const Request& request) { return carry_out(request, context); };
    const BatchPlan plan = plan_batches(requests, options_.write_mode);
    if (plan.batches.empty())
        return pool_.run(requests, context, session_.budget().max(), handler, single);

    // Some batches begin first, then come the single requests, so that neither waits for all of the
    // other.
    struct Work {
        bool is_batch;
        std::size_t at;  ///< of the plan's batches, or of the call's requests
    };
    std::vector<Work> order;
    const std::size_t early = std::min(plan.batches.size(), kBatchesOfOneCall);
    for (std::size_t at = 0; at < early; ++at) order.push_back({true, at});
    for (const std::size_t place : plan.singles) order.push_back({false, place});
    for (std::size_t at = early; at < plan.batches.size(); ++at) order.push_back({true, at});
    std::vector<Request> work;
    for (const Work& piece : order)
        work.push_back(piece.is_batch ? Request{"netsuite.records.batch", {}} : requests[piece.at]);

    std::vector<std::vector<std::optional<Reply>>> answers(plan.batches.size());
    std::vector<std::size_t> left;
    PlacedReplies placed(handler, [&](std::size_t index, Reply reply) {
        const Work& piece = order[index];
        if (!piece.is_batch) return handler.on_reply(piece.at, std::move(reply));
        const std::vector<std::size_t>& members = plan.members[piece.at];
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (reply.status != ReplyStatus::Ok)  // cancelled before it began
                handler.on_reply(members[i], reply);
            else if (std::optional<Reply>& answer = answers[piece.at][i]; answer)
                handler.on_reply(members[i], std::move(*answer));
            else
                left.push_back(members[i]);
        }
    });
    pool_.run(work, context, session_.budget().max() + early, placed, [&](const Request& request) {
        const Work& piece = order[static_cast<std::size_t>(&request - work.data())];
        if (!piece.is_batch) return single(request);
        answers[piece.at] = run_batch(session_, plan.batches[piece.at], context);
        return Reply{};
    });
    if (!left.empty()) run_singles(requests, left, context, handler);
}

Reply NetSuiteConnection::carry_out(const Request& request, const CallContext& context) {
    static constexpr Entry kEntries[] = {
        {"netsuite.records.create", &NetSuiteConnection::create},
        {"netsuite.records.get", &NetSuiteConnection::get},
        {"netsuite.records.upsert", &NetSuiteConnection::upsert},
        {"netsuite.records.patch", &NetSuiteConnection::patch},
        {"netsuite.records.transform", &NetSuiteConnection::transform},
        {"netsuite.records.batch", &NetSuiteConnection::batch},
        {"netsuite.lookup.period", &NetSuiteConnection::look_up_period},
        {"netsuite.lookup.customer_transactions", &NetSuiteConnection::count_transactions},
        {"netsuite.suiteql.query", &NetSuiteConnection::suiteql},
        {"netsuite.lookup", &NetSuiteConnection::look_up},
        {"netsuite.lookup.external_id", &NetSuiteConnection::look_up_external_id},
        {"netsuite.lookup.order", &NetSuiteConnection::look_up_order},
        {"netsuite.lookup.order_lines", &NetSuiteConnection::look_up_order_lines},
        {"netsuite.metadata", &NetSuiteConnection::describe},
        {"netsuite.features", &NetSuiteConnection::features},
    };
    const auto* entry =
        std::find_if(std::begin(kEntries), std::end(kEntries),
                     [&](const Entry& one) { return one.operation == request.operation; });
    if (entry == std::end(kEntries))
        return failed_reply(
            bug("netsuite.unknown_operation", "a NetSuite connection has no operation \"" +
                                                  request.operation.substr(0, 80) +
                                                  "\"; `carrick operations` lists them"));
    const Result<Json> body = Json::parse(request.body.empty() ? "{}" : request.body);
    if (!body)
        return failed_reply(
            bug("netsuite.request",
                request.operation + ": the request is no JSON: " + body.error().message));
    return (this->*entry->handler)(*body, context);
}

Result<void> NetSuiteConnection::check(const CallContext& context) {
    ApiRequest request;
    request.path = "/system/v1/serverTime";
    request.headers = {{"Accept", "application/json"}};
    const ApiOutcome outcome = session_.send(request, context);
    if (!outcome.ok()) return outcome.error;
    const Json answer = Json::parse(outcome.response.body).value_or(Json());
    const Result<UtcTime> theirs = UtcTime::parse(answer["serverTime"].text());
    if (!theirs) return transient("netsuite.answer_lost", "serverTime: the answer tells no time");
    const Milliseconds skew = *theirs - session_.clock().now();
    session_.authenticator().set_skew(skew);
    if (skew > kForgivableSkew || skew < -kForgivableSkew)
        return misconfigured(
            "netsuite.clock",
            "this machine's clock is " + std::to_string(std::abs(skew.count()) / 1000) + " s " +
                (skew.count() > 0 ? "behind" : "ahead of") +
                " NetSuite's; set it (NTP), or signatures and watermarks go wrong");
    if (options_.concurrency == 0) learn_concurrency(context);
    return {};
}

// Only administrators may ask; for everybody else the default stands.
void NetSuiteConnection::learn_concurrency(const CallContext& context) {
    ApiRequest request;
    request.path = "/system/v1/governanceLimits";
    request.headers = {{"Accept", "application/json"}};
    const ApiOutcome outcome = session_.send(request, context);
    if (!outcome.ok()) return;
    const Json answer = Json::parse(outcome.response.body).value_or(Json());
    const bool own = answer["integrationLimitType"].text() == "integrationSpecific";
    const std::optional<std::int64_t> limit =
        answer[own ? "integrationConcurrencyLimit" : "accountUnallocatedConcurrencyLimit"]
            .integer_if();
    const std::optional<std::int64_t> whole = answer["accountConcurrencyLimit"].integer_if();
    const std::int64_t granted = limit ? *limit : (whole ? *whole : 0);
    if (granted < 1) return;
    // One slot stays free for people and other tools.
    const std::int64_t ours = std::clamp<std::int64_t>(granted - 1, 1, kMostByDefault);
    session_.budget().set_max(static_cast<unsigned>(ours));
    log::info("netsuite.concurrency", {{"connection", Json(options_.name)}, {"slots", Json(ours)}});
}

}  // namespace

Result<std::unique_ptr<Connection>> make_netsuite_connection(NetSuiteOptions options,
                                                             http::HttpTransport& transport,
                                                             const Clock& clock, Random& random) {
    Result<Account> account = Account::from(options);
    if (!account) return account.error();
    using Named = std::pair<const char*, const std::string*>;
    const std::vector<Named> needed =
        options.method == AuthMethod::Tba
            ? std::vector<Named>{{"consumer_key", &options.tba.consumer_key},
                                 {"consumer_secret", &options.tba.consumer_secret},
                                 {"token_id", &options.tba.token_id},
                                 {"token_secret", &options.tba.token_secret}}
            : std::vector<Named>{{"client_id", &options.client_id},
                                 {"certificate_id", &options.certificate_id}};
    for (const auto& [key, value] : needed)
        if (value->empty())
            return misconfigured("netsuite.credentials",
                                 "connection \"" + options.name + "\": auth." + key + " is empty");
    if (options.method == AuthMethod::Tba)
        return std::unique_ptr<Connection>(
            std::make_unique<NetSuiteConnection>(std::move(options), std::move(account).value(),
                                                 std::nullopt, transport, clock, random));
    Result<JwtSigner> signer = JwtSigner::from_pem(options.private_key, options.algorithm);
    if (!signer) {
        Error error = signer.error();
        error.message = "connection \"" + options.name + "\": " + error.message;
        return error;
    }
    return std::unique_ptr<Connection>(
        std::make_unique<NetSuiteConnection>(std::move(options), std::move(account).value(),
                                             std::move(signer).value(), transport, clock, random));
}

}  // namespace carrick::connectors::netsuite
