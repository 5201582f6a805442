// SPDX-License-Identifier: Apache-2.0
#include "core/engine/gateway.hpp"

#include "core/base/log.hpp"

namespace carrick::engine {

std::uint64_t CallWatch::begin(Milliseconds timeout, const std::atomic<bool>& stopping) {
    const std::lock_guard lock(mutex_);
    running_ = true;
    started_ = std::chrono::steady_clock::now();
    timeout_ = timeout;
    // `stop` raises its flag before it cancels running calls: one of the two always reaches us.
    cancelled_ = stopping.load();
    abandoned_ = false;
    return ++call_;
}

bool CallWatch::end() {
    const std::lock_guard lock(mutex_);
    running_ = false;
    return abandoned_.load();
}

std::optional<CallWatch::State> CallWatch::current() const {
    const std::lock_guard lock(mutex_);
    if (!running_ || abandoned_) return std::nullopt;
    return State{call_, started_, timeout_, cancelled_.load()};
}

void CallWatch::cancel(std::uint64_t call) {
    const std::lock_guard lock(mutex_);
    if (running_ && call_ == call) cancelled_ = true;
}

bool CallWatch::abandon(std::uint64_t call) {
    const std::lock_guard lock(mutex_);
    if (!running_ || call_ != call || abandoned_) return false;
    cancelled_ = true;
    abandoned_ = true;
    return true;
}

namespace {

/// Hands replies on and lets the engine commit in between.
class ProgressingHandler final : public connectors::ReplyHandler {
public:
    ProgressingHandler(connectors::ReplyHandler& inner, CallGateway& gateway,
                       std::span<const std::size_t> places)
        : inner_(inner), gateway_(gateway), places_(places) {}
    void on_reply(std::size_t request, connectors::Reply reply) override {
        inner_.on_reply(places_.empty() ? request : places_[request], std::move(reply));
        gateway_.progress();
    }
    void on_tick() override {
        inner_.on_tick();
        gateway_.progress();
    }

private:
    connectors::ReplyHandler& inner_;
    CallGateway& gateway_;
    std::span<const std::size_t> places_;  // of the requests that were let through
};

connectors::Reply failed_reply(Error error) {
    return {connectors::ReplyStatus::Failed, {}, std::move(error)};
}

}  // namespace

CallGateway::CallGateway(Context context, std::function<void()> on_progress)
    : context_(context),
      on_progress_(std::move(on_progress)),
      deadline_(context_.clock->now() + context_.flow->timeout),
      steady_deadline_(std::chrono::steady_clock::now() + context_.flow->timeout) {}

const ConnectionSpec* CallGateway::connection(std::string_view role) const {
    const auto name = context_.flow->roles.find(std::string(role));
    if (name == context_.flow->roles.end()) return nullptr;
    const auto found = context_.connections->find(name->second);
    return found == context_.connections->end() ? nullptr : &found->second;
}

connectors::CallContext CallGateway::call_context() const {
    return {context_.flow->name, context_.priority, context_.share, steady_deadline_,
            &context_.watch->cancelled()};
}

void CallGateway::call(std::string_view role, std::span<const connectors::Request> requests,
                       std::span<const std::int64_t>, connectors::ReplyHandler& handler) {
    const ConnectionSpec* target = connection(role);
    if (target == nullptr) {
        for (std::size_t i = 0; i < requests.size(); ++i)
            handler.on_reply(i, failed_reply(misconfigured(
                                    "engine.no_connection",
                                    "flow " + context_.flow->name + " has no connection as \"" +
                                        std::string(role) + "\"; name one in flows.yaml")));
        return;
    }
    const connectors::CallContext call = call_context();
    if (target->live && !context_.dry_run) {
        ProgressingHandler progressing(handler, *this, {});
        target->connection->call(requests, call, progressing);
        return;
    }
    // Shadow is a promise of the engine, not of the plugins.
    std::vector<connectors::Request> allowed;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const connectors::Operation* known = operation(role, requests[i].operation);
        if (known != nullptr && known->kind == connectors::OperationKind::Write) {
            handler.on_reply(
                i, failed_reply(bug("engine.shadow_write",
                                    requests[i].operation + " was asked of a connection in shadow; "
                                                            "nothing was sent")));
        } else {
            allowed.push_back(requests[i]);
            places.push_back(i);
        }
    }
    if (allowed.empty()) return;
    ProgressingHandler progressing(handler, *this, places);
    target->connection->call(allowed, call, progressing);
}

const connectors::Operation* CallGateway::operation(std::string_view role, std::string_view name) {
    const ConnectionSpec* target = connection(role);
    if (target == nullptr) return nullptr;
    for (const connectors::Operation& operation : target->connection->operations())
        if (operation.name == name) return &operation;
    return nullptr;
}

Result<plugin_host::OpenedDocument> CallGateway::open_document(std::string_view role,
                                                               const connectors::Request& request) {
    const ConnectionSpec* source = connection(role);
    if (context_.archive == nullptr || source == nullptr)
        return Gateway::open_document(role, request);
    // Damage on the way (a cut gzip, a lost transfer) is cured by fetching once more; what is
    // damaged at Amazon is damaged twice, and the flow tries again later.
    constexpr int kTries = 2;
    for (int tries = 1;; ++tries) {
        const Result<std::unique_ptr<archive::Archive::Writer>> writer = context_.archive->begin();
        if (!writer) return writer.error();
        const Result<connectors::FetchedDocument> fetched =
            source->connection->fetch(request, call_context(), **writer);
        Result<archive::ArchivedDocument> kept =
            fetched
                ? (*writer)->finish(
                      {.origin = {source->id, fetched->kind, fetched->name, context_.clock->now()},
                       .declared_encoding = fetched->declared_encoding,
                       .regional_encoding = fetched->regional_encoding,
                       .personal = fetched->personal,
                       .expires =
                           fetched->personal ? context_.clock->now() + fetched->keep : UtcTime()})
                : Result<archive::ArchivedDocument>(fetched.error());
        if (kept) {
            Result<plugin_host::OpenedDocument> opened = open_archived(kept->id, 0);
            if (opened) opened->name = fetched->name;
            return opened;
        }
        if (kept.error().error_class != ErrorClass::Transient || tries == kTries || cancelled())
            return kept.error();
    }
}

Result<plugin_host::OpenedDocument> CallGateway::open_archived(std::string_view id,
                                                               std::uint64_t offset) {
    if (context_.archive == nullptr) return Gateway::open_archived(id, offset);
    const Result<archive::ArchivedDocument> document = context_.archive->find(id);
    if (!document) return document.error();
    Result<std::unique_ptr<DocumentReader>> text = context_.archive->text(id, offset);
    if (!text) return text.error();
    return plugin_host::OpenedDocument{
        document->id,
        document->bytes,
        document->encoding,
        document->encoding_why,
        document->origins.empty() ? std::string() : document->origins.back().name,
        *std::move(text)};
}

Result<std::vector<std::string>> CallGateway::links(std::string_view kind, std::string_view from) {
    return context_.store->links(kind, from);
}

bool CallGateway::cancelled() {
    return context_.stopping->load() || context_.watch->cancelled().load() || timed_out();
}

void CallGateway::log(int level, std::string_view message) {
    const int known =
        level < CARRICK_LOG_DEBUG || level > CARRICK_LOG_ERROR ? CARRICK_LOG_INFO : level;
    log::write(static_cast<log::Level>(known), "plugin message",
               {{"flow", Json(context_.flow->name)}, {"message", Json(message)}});
}

void CallGateway::progress() {
    if (on_progress_) on_progress_();
}

}  // namespace carrick::engine
