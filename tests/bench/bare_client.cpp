// SPDX-License-Identifier: Apache-2.0
// The baseline of the end-to-end benchmark: cpprestsdk and nothing else. It sends a recorded list
// of requests again, over as many connections at a time as the recording had, and prints what that
// took as JSON.
//   bare_client RECORDING BASE_URL
#include <carrick/sdk/json.hpp>

#include <cpprest/http_client.h>
#include <pplx/threadpool.h>

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using carrick::Json;
using web::http::client::http_client;

struct Call {
    std::string method;
    std::string target;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    int status = 0;
    std::string creates;        ///< the internal id that this call's document had when recorded
    std::string customer;       ///< likewise of the customer that the body names
    std::ptrdiff_t after = -1;  ///< goes out only when this earlier call of its lane is answered
    bool answered = false;
};

/// Calls in their order, by so many threads at a time.
struct Lane {
    std::size_t width = 1;
    std::vector<Call> calls;
    std::size_t next = 0;
    std::string token;                           ///< what the token call of this lane answered
    std::map<std::string, std::string> created;  ///< recorded internal id -> this run's
    std::unique_ptr<http_client> client;
    std::mutex mutex;
    std::condition_variable changed;
};

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "bare_client: %s\n", why.c_str());
    std::_Exit(1);
}

std::map<std::string, Lane> read_lanes(const char* file) {
    std::map<std::string, Lane> lanes;
    std::ifstream in(file);
    std::string line;
    while (std::getline(in, line)) {
        const carrick::Result<Json> json = Json::parse(line);
        if (!json) fail("the recording cannot be read");
        Lane& lane = lanes[(*json)["lane"].text()];
        if (const Json* width = json->find("width")) {
            lane.width = static_cast<std::size_t>(width->integer_if().value_or(1));
            continue;
        }
        Call call;
        call.method = (*json)["method"].text();
        call.target = (*json)["target"].text();
        call.body = (*json)["body"].text();
        call.status = static_cast<int>((*json)["status"].integer_if().value_or(0));
        call.creates = (*json)["creates"].text();
        call.customer = (*json)["customer"].text();
        call.after = static_cast<std::ptrdiff_t>((*json)["after"].integer_if().value_or(-1));
        for (const carrick::JsonMember& header : (*json)["headers"].members())
            call.headers.emplace_back(header.key, header.value.text());
        lane.calls.push_back(std::move(call));
    }
    return lanes;
}

/// The body with this run's internal id of the customer.
std::string body_of(Lane& lane, const Call& call) {
    std::string body = call.body;
    if (call.customer.empty()) return body;
    const std::lock_guard lock(lane.mutex);
    const auto known = lane.created.find(call.customer);
    if (known == lane.created.end()) return body;  // it was there before
    const std::string reference = R"("entity":{"id":")" + call.customer + '"';
    return body.replace(body.find(reference), reference.size(),
                        R"("entity":{"id":")" + known->second + '"');
}

void send(Lane& lane, const Call& call) {
    web::http::http_request request(call.method);
    request.set_request_uri(web::uri(call.target));
    if (!call.body.empty()) request.set_body(body_of(lane, call), std::string());
    request.headers().remove("Content-Type");
    for (const auto& [name, value] : call.headers) {
        if (name == "Authorization" && value.starts_with("Bearer "))
            request.headers().add(name, "Bearer " + lane.token);
        else
            request.headers().add(name, value);
    }
    const web::http::http_response response = lane.client->request(request).get();
    // Whole, but not unpacked: what a program does with an answer is its own business.
    const std::vector<unsigned char> body = response.extract_vector().get();
    if (response.status_code() != call.status)
        fail(call.method + " " + call.target.substr(0, 120) + " answered " +
             std::to_string(response.status_code()) + " instead of " + std::to_string(call.status) +
             ": " + std::string(body.begin(), body.end()).substr(0, 300));
    if (!call.creates.empty()) {
        const auto header = response.headers().find("Location");
        if (header == response.headers().end()) fail("a create without Location");
        const std::string& location = header->second;
        const std::lock_guard lock(lane.mutex);
        lane.created[call.creates] = location.substr(location.rfind('/') + 1);
    }
    if (call.target.find("/oauth2/v1/token") == std::string::npos) return;
    const carrick::Result<Json> token = Json::parse(std::string(body.begin(), body.end()));
    if (!token) fail("the token answer cannot be read");
    const std::lock_guard lock(lane.mutex);
    lane.token = (*token)["access_token"].text();
}

void work(Lane& lane) {
    std::unique_lock lock(lane.mutex);
    while (lane.next < lane.calls.size()) {
        Call& call = lane.calls[lane.next++];
        lane.changed.wait(lock, [&] {
            return call.after < 0 || lane.calls[static_cast<std::size_t>(call.after)].answered;
        });
        lock.unlock();
        send(lane, call);
        lock.lock();
        call.answered = true;
        lane.changed.notify_all();
    }
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int run(const char* file, const char* base) {
    // As many as the product has: more are slower.
    crossplat::threadpool::initialize_with_threads(2);
    std::map<std::string, Lane> lanes = read_lanes(file);
    std::size_t calls = 0;
    const double cpu = cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (auto& [name, lane] : lanes) {
        calls += lane.calls.size();
        lane.client = std::make_unique<http_client>(web::uri(base));
        for (std::size_t i = 0; i < lane.width; ++i)
            threads.emplace_back([&lane = lane] {
                try {
                    work(lane);
                } catch (const std::exception& problem) {
                    fail(problem.what());
                }
            });
    }
    for (std::thread& thread : threads) thread.join();
    const double wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("{\"calls\":%zu,\"wall_us\":%.0f,\"cpu_us\":%.0f}\n", calls, wall * 1e6,
                (cpu_seconds() - cpu) * 1e6);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) fail("usage: bare_client RECORDING BASE_URL");
    return run(argv[1], argv[2]);
}
