// SPDX-License-Identifier: Apache-2.0
// Jobs and tasks.
#include "examples/sandbox/netsuite/async_jobs.hpp"

#include "examples/sandbox/netsuite/refusal.hpp"
#include "examples/sandbox/world/random.hpp"

#include <algorithm>
#include <numeric>

namespace carrick::sandbox::netsuite {

namespace {

constexpr std::string_view kJobs = "/services/rest/async/v1/job/";
constexpr std::size_t kMostRecords = 100;
constexpr std::int64_t kFirstJob = 100'000;

Refusal refused(int status, std::string code, std::string text) {
    Refusal refusal;
    refusal.status = status;
    refusal.code = std::move(code);
    refusal.detail = std::move(text);
    return refusal;
}

bool is_collection(const Request& request) {
    const std::string type = lower(request.header("Content-Type"));
    return type.starts_with("application/vnd.oracle.resource+json") &&
           type.find("type=collection") != std::string::npos;
}

Json link(std::string_view rel, const std::string& href) {
    return Json::object({{"rel", rel}, {"href", href}});
}

/// A synchronous request of its own, without what made the whole asynchronous.
Request part(const Request& whole, std::string method, std::string path, const Json& body) {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.base_url = whole.base_url;
    if (!body.is_null()) {
        request.body = body.dump();
        request.headers.emplace_back("Content-Type", "application/json");
    }
    if (whole.has_header("X-NetSuite-PropertyNameValidation"))
        request.headers.emplace_back(
            "X-NetSuite-PropertyNameValidation",
            std::string(whole.header("X-NetSuite-PropertyNameValidation")));
    for (const auto& [name, value] : whole.query)
        if (name != "ids" && name != "expandRecords") request.query.emplace_back(name, value);
    return request;
}

std::vector<std::string> listed_ids(const std::string& text) {
    std::vector<std::string> ids(1);
    bool quoted = false;
    for (const char c : text) {
        if (c == '\'') quoted = !quoted;
        if (c == ',' && !quoted)
            ids.emplace_back();
        else
            ids.back() += c;
    }
    std::erase(ids, "");
    return ids;
}

void refuse_too_many(std::size_t count) {
    if (count == 0) throw refused(400, "INVALID_CONTENT", "The collection holds no record.");
    if (count > kMostRecords)
        throw refused(
            400, "INVALID_REQUEST",
            "A batch holds at most 100 records; this one has " + std::to_string(count) + ".");
}

Json response_json(const Response& response) {
    Json headers = Json::array();
    for (const auto& [name, value] : response.headers)
        headers.push_back(Json::array({Json(name), Json(value)}));
    return Json::object(
        {{"status", response.status}, {"body", response.body}, {"headers", std::move(headers)}});
}

Headers headers_from(const Json& list) {
    Headers headers;
    for (const Json& pair : list.items()) headers.emplace_back(pair[0].text(), pair[1].text());
    return headers;
}

}  // namespace

bool AsyncJobs::wants(const Request& request) {
    return lower(request.header("Prefer")).find("respond-async") != std::string::npos;
}

std::vector<Request> AsyncJobs::parts_of(const Request& request) const {
    std::vector<Request> parts;
    const std::optional<std::string> ids = request.parameter("ids");
    if ((request.method == "GET" || request.method == "DELETE") && ids) {
        const std::vector<std::string> listed = listed_ids(*ids);
        refuse_too_many(listed.size());
        for (const std::string& id : listed)
            parts.push_back(part(request, request.method, request.path + "/" + id, {}));
        return parts;
    }
    if (!is_collection(request)) {
        Request one = request;
        std::erase_if(one.headers, [](const auto& header) {
            return same_name(header.first, "Prefer") ||
                   same_name(header.first, "X-NetSuite-Idempotency-Key");
        });
        parts.push_back(std::move(one));
        return parts;
    }
    const Result<Json> body = Json::parse(request.body);
    if (!body || !(*body)["items"].is_array())
        throw refused(400, "INVALID_CONTENT",
                      "Invalid content: a collection is {\"items\": [...]}.");
    const std::vector<Json>& items = (*body)["items"].items();
    refuse_too_many(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Json& item = items[i];
        if (request.method == "POST") {
            parts.push_back(part(request, "POST", request.path, item));
            continue;
        }
        const std::string& external_id = item["externalId"].text();
        // An id wins over an external id; an upsert knows external ids only.
        std::string id;
        if (request.method == "PATCH" && item["id"].is_string()) id = item["id"].text();
        if (request.method == "PATCH" && item["id"].is_number()) id = *item["id"].number_if();
        if (id.empty() && external_id.empty()) {
            Refusal refusal = refused(400, "INVALID_CONTENT",
                                      "Each record of the collection needs an ID or external ID.");
            refusal.path = "items[" + std::to_string(i) + "]";
            throw refusal;
        }
        Json rest = item;
        rest.erase("id");
        parts.push_back(part(request, request.method,
                             request.path + "/" + (id.empty() ? "eid:" + external_id : id), rest));
    }
    return parts;
}

void AsyncJobs::schedule(Job& job, std::vector<Request> parts, UtcTime now) const {
    const Milliseconds first(switches_.number("netsuite.async_delay_ms"));
    const Milliseconds each(switches_.number("netsuite.async_task_ms"));
    std::vector<std::size_t> turn(parts.size());
    std::iota(turn.begin(), turn.end(), std::size_t{0});
    const auto shuffle = [&](std::vector<std::size_t>& order, std::uint64_t salt) {
        Chance chance(mix(static_cast<std::uint64_t>(job.id), salt));
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1],
                      order[static_cast<std::size_t>(chance.below(static_cast<std::int64_t>(i)))]);
    };
    std::vector<std::size_t> number = turn;
    if (!job.sequential) shuffle(turn, 1);
    if (switches_.is("netsuite.task_order", "shuffled")) shuffle(number, 2);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Task task;
        task.number = std::to_string(number[i] + 1);
        task.request = std::move(parts[i]);
        task.due = now + first + each * static_cast<std::int64_t>(turn[i]);
        job.tasks.push_back(std::move(task));
    }
}

Response AsyncJobs::accepted(const Request& request, const Job& job) const {
    Response response;
    response.status = 202;
    response.set_header("Preference-Applied", "respond-async");
    const std::string path = std::string(kJobs) + std::to_string(job.id);
    response.set_header("Location", switches_.is("netsuite.relative_location", "on")
                                        ? path
                                        : request.base_url + path);
    return response;
}

Response AsyncJobs::submit(const Request& request, UtcTime now, bool forgotten) {
    const std::string key(request.header("X-NetSuite-Idempotency-Key"));
    if (!key.empty())
        for (const auto& [id, job] : jobs_) {
            if (job.key != key) continue;
            Response conflict =
                to_response(refused(400, "IDEMPOTENCY_ERROR",
                                    "A request with this idempotency key has been submitted."),
                            switches_.is("netsuite.error_type", "rfc9110"));
            Json body = Json::parse(conflict.body).value_or(Json::object());
            body.set("title", "Conflict");
            conflict.body = body.dump();
            conflict.set_header("Location", std::string(accepted(request, job).header("Location")));
            return conflict;
        }
    Job job;
    job.id = kFirstJob + static_cast<std::int64_t>(jobs_.size()) + forgotten_ + 1;
    job.key = key;
    const std::string prefer = lower(request.header("Prefer"));
    const bool asks_parallel = prefer.find("batch-processing=\"parallel\"") != std::string::npos ||
                               prefer.find("batch-processing=parallel") != std::string::npos;
    job.sequential = switches_.is("netsuite.release", "2026.2") && !asks_parallel;
    schedule(job, parts_of(request), now);
    Response response = accepted(request, job);
    if (forgotten)
        ++forgotten_;
    else
        jobs_.emplace(job.id, std::move(job));
    return response;
}

void AsyncJobs::catch_up(UtcTime now) {
    std::vector<std::pair<Job*, Task*>> ready;
    for (auto& [id, job] : jobs_)
        for (Task& task : job.tasks)
            if (!task.result && task.due <= now) ready.emplace_back(&job, &task);
    std::stable_sort(ready.begin(), ready.end(),
                     [](const auto& a, const auto& b) { return a.second->due < b.second->due; });
    for (const auto& [job, task] : ready) {
        if (job->stopped) {
            task->result = to_response(
                refused(400, "USER_ERROR", "Not processed: an earlier record of the batch failed."),
                switches_.is("netsuite.error_type", "rfc9110"));
            continue;
        }
        task->request.time = task->due;
        task->result = perform_(task->request, task->due);
        job->stopped = task->result->status >= 400 && job->sequential &&
                       switches_.is("netsuite.batch_failure", "stop");
    }
}

Json AsyncJobs::job_json(const Job& job, const std::string& self, UtcTime now) const {
    const bool completed = std::all_of(job.tasks.begin(), job.tasks.end(),
                                       [](const Task& task) { return task.result.has_value(); });
    const bool begun = std::any_of(job.tasks.begin(), job.tasks.end(),
                                   [&](const Task& task) { return task.due <= now; });
    const bool failed = std::any_of(job.tasks.begin(), job.tasks.end(), [](const Task& task) {
        return task.result && task.result->status >= 400;
    });
    const char* progress = completed ? failed ? "failed" : "succeeded"
                           : begun   ? "processing"
                                     : "pending";
    return Json::object(
        {{"links", Json::array({link("self", self)})},
         {"id", std::to_string(job.id)},
         {"completed", completed},
         {"progress", progress},
         {"task", Json::object({{"links", Json::array({link("self", self + "/task")})}})}});
}

Json AsyncJobs::task_json(const Task& task, const std::string& self, UtcTime now) const {
    const bool done = task.result.has_value();
    const char* progress = !done ? "pending" : task.result->status >= 400 ? "failed" : "succeeded";
    Json json = Json::object(
        {{"links", Json::array({link("related", self + "/result"), link("self", self)})},
         {"id", task.number},
         {"completed", done},
         {"progress", progress}});
    if (done) json.set("startTime", task.due.text());
    if (done) json.set("endTime", std::min(now, task.due).text());
    return json;
}

Response AsyncJobs::read(const Request& request, const std::vector<std::string>& path,
                         UtcTime now) const {
    const Refusal missing = refused(404, "NONEXISTENT_ID", "The job or task does not exist.");
    if (request.method != "GET" || path.size() < 2 || path[0] != "job") throw missing;
    const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& entry) {
        return std::to_string(entry.first) == path[1];
    });
    if (found == jobs_.end()) throw missing;
    const Job& job = found->second;
    const std::string self = request.base_url + std::string(kJobs) + path[1];
    if (path.size() == 2) return Response::json(200, job_json(job, self, now));
    if (path[2] != "task") throw missing;
    if (path.size() == 3) {
        // All links in one item, as the documented sample has it.
        Json links = Json::array();
        for (std::size_t i = 1; i <= job.tasks.size(); ++i)
            links.push_back(link("self", self + "/task/" + std::to_string(i)));
        return Response::json(
            200,
            Json::object({{"links", Json::array({link("self", self + "/task")})},
                          {"count", std::uint64_t{job.tasks.size()}},
                          {"items", Json::array({Json::object({{"links", std::move(links)}})})}}));
    }
    const auto task = std::find_if(job.tasks.begin(), job.tasks.end(),
                                   [&](const Task& each) { return each.number == path[3]; });
    if (task == job.tasks.end()) throw missing;
    if (path.size() == 4)
        return Response::json(200, task_json(*task, self + "/task/" + path[3], now));
    if (path.size() != 5 || path[4] != "result") throw missing;
    if (!task->result) throw refused(404, "NONEXISTENT_ID", "The task has not been processed yet.");
    return *task->result;
}

Json AsyncJobs::snapshot() const {
    Json list = Json::array();
    for (const auto& [id, job] : jobs_) {
        Json tasks = Json::array();
        for (const Task& task : job.tasks) {
            Json headers = Json::array();
            for (const auto& [name, value] : task.request.headers)
                headers.push_back(Json::array({Json(name), Json(value)}));
            Json query = Json::array();
            for (const auto& [name, value] : task.request.query)
                query.push_back(Json::array({Json(name), Json(value)}));
            Json entry = Json::object({{"number", task.number},
                                       {"due", task.due.milliseconds()},
                                       {"method", task.request.method},
                                       {"path", task.request.path},
                                       {"base_url", task.request.base_url},
                                       {"body", task.request.body},
                                       {"query", std::move(query)},
                                       {"headers", std::move(headers)}});
            if (task.result) entry.set("result", response_json(*task.result));
            tasks.push_back(std::move(entry));
        }
        list.push_back(Json::object({{"id", id},
                                     {"key", job.key},
                                     {"sequential", job.sequential},
                                     {"stopped", job.stopped},
                                     {"tasks", std::move(tasks)}}));
    }
    return list;
}

void AsyncJobs::restore(const Json& snapshot) {
    jobs_.clear();
    for (const Json& entry : snapshot.items()) {
        Job job;
        job.id = entry["id"].integer_if().value_or(0);
        job.key = entry["key"].text();
        job.sequential = entry["sequential"].bool_if().value_or(true);
        job.stopped = entry["stopped"].bool_if().value_or(false);
        for (const Json& saved : entry["tasks"].items()) {
            Task task;
            task.number = saved["number"].text();
            task.due = UtcTime(saved["due"].integer_if().value_or(0));
            task.request.method = saved["method"].text();
            task.request.path = saved["path"].text();
            task.request.base_url = saved["base_url"].text();
            task.request.body = saved["body"].text();
            task.request.query = headers_from(saved["query"]);
            task.request.headers = headers_from(saved["headers"]);
            if (const Json& result = saved["result"]; !result.is_null()) {
                Response response;
                response.status = static_cast<int>(result["status"].integer_if().value_or(500));
                response.body = result["body"].text();
                response.headers = headers_from(result["headers"]);
                task.result = std::move(response);
            }
            job.tasks.push_back(std::move(task));
        }
        jobs_.emplace(job.id, std::move(job));
    }
}

}  // namespace carrick::sandbox::netsuite
