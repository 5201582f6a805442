// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/sandbox_host.hpp"

#include "examples/sandbox/netsuite/netsuite_service.hpp"
#include "examples/sandbox/verdict/verdict.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace carrick::bench {

bool Exchange::is_search() const {
    return request.method == "GET" &&
           request.target.find("/orders/2026-01-01/orders?") != std::string::npos;
}

bool Exchange::is_next_page() const {
    return is_search() && request.target.find("paginationToken=") != std::string::npos;
}

SandboxHost::SandboxHost(std::string keys) : keys_(std::move(keys)) {
    // More threads than a program may have calls under way, or its concurrency could not be seen.
    sandbox::ServerOptions server;
    server.threads = 16;
    auto started = sandbox::HttpServer::start(
        server, [this](sandbox::RawRequest request) { return answer(std::move(request)); });
    if (!started) {
        std::fprintf(stderr, "program_bench: %s\n", started.error().message.c_str());
        std::exit(1);
    }
    server_ = std::move(started).value();
    base_ = "http://127.0.0.1:" + std::to_string(server_->port());
}

void SandboxHost::begin(const sandbox::SandboxOptions& options, bool keep_content,
                        std::chrono::milliseconds distance) {
    auto made = std::make_shared<sandbox::Sandbox>(
        options, [this](const sandbox::Environment& environment) {
            sandbox::NetSuiteOptions account;
            account.keys_directory = keys_;
            return sandbox::make_netsuite_service(environment, std::move(account));
        });
    const std::lock_guard lock(mutex_);
    sandbox_ = std::move(made);
    keep_content_ = keep_content;
    distance_ = distance;
    exchanges_.clear();
}

sandbox::Response SandboxHost::answer(sandbox::RawRequest request) {
    Exchange exchange;
    exchange.began = std::chrono::steady_clock::now();
    std::shared_ptr<sandbox::Sandbox> sandbox;
    std::chrono::milliseconds distance{0};
    {
        const std::lock_guard lock(mutex_);
        sandbox = sandbox_;
        if (request.target.starts_with("/netsuite")) distance = distance_;
        exchange.request.method = request.method;
        exchange.request.target = request.target;
        if (keep_content_) {
            exchange.request.headers = request.headers;
            exchange.request.body = request.body;
        }
    }
    if (!sandbox) return {};
    exchange.at = sandbox->clock().now();
    sandbox::Response response = sandbox->handle(std::move(request));
    response.delay += distance;
    exchange.ended = std::chrono::steady_clock::now() + response.delay;
    exchange.status = response.status;
    exchange.location = response.header("Location");
    const std::lock_guard lock(mutex_);
    exchanges_.push_back(std::move(exchange));
    return response;
}

std::vector<Exchange> SandboxHost::exchanges() const {
    std::vector<Exchange> copy;
    {
        const std::lock_guard lock(mutex_);
        copy = exchanges_;
    }
    std::sort(copy.begin(), copy.end(),
              [](const Exchange& a, const Exchange& b) { return a.began < b.began; });
    return copy;
}

void SandboxHost::require_that_it_adds_up(Milliseconds grace) {
    sandbox::VerdictOptions options;
    options.grace = grace;
    const sandbox::Verdict verdict =
        sandbox::judge(sandbox_->world(), *sandbox_->netsuite(), options);
    if (verdict.json()["adds_up"].bool_if().value_or(false)) return;
    std::fprintf(stderr, "program_bench: wrong result, the world does not add up:\n%.2000s\n",
                 verdict.text().c_str());
    std::exit(1);
}

sandbox::SandboxOptions world_of(std::uint64_t orders, bool official_quotas,
                                 std::int64_t speed_percent) {
    sandbox::SandboxOptions options;
    options.world.seed = 1;
    options.world.orders = orders;
    options.world.start = UtcTime::parse("2026-11-20T12:00:00Z").value();
    options.world.go_live = UtcTime::parse("2026-11-01T07:00:00Z").value();
    options.speed_percent = speed_percent;
    options.official_quotas = official_quotas;
    return options;
}

}  // namespace carrick::bench
