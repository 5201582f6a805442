// SPDX-License-Identifier: Apache-2.0
#include "core/engine/schemas.hpp"

namespace carrick::engine {

Result<std::shared_ptr<const schema::Schema>> SchemaCache::remember(const std::string& key,
                                                                    const Json& text, UtcTime at) {
    std::shared_ptr<const schema::Schema> compiled;
    if (!text.is_null()) {
        Result<schema::Schema> schema = schema::Schema::compile(text);
        if (!schema) return schema.error();
        compiled = std::make_shared<const schema::Schema>(std::move(*schema));
    }
    const std::lock_guard lock(mutex_);
    known_[key] = {compiled, at};
    return compiled;
}

Result<std::shared_ptr<const schema::Schema>> SchemaCache::get(
    const std::string& connection_name, const ConnectionSpec& connection,
    const std::string& record_type, const connectors::CallContext& context, UtcTime now) {
    const std::string key = connection_name + '/' + record_type;
    // A manifest says "netsuite.salesOrder"; the connection knows its own types by their names.
    const std::string prefix = connection.connector + '.';
    const std::string of_connection =
        record_type.starts_with(prefix) ? record_type.substr(prefix.size()) : record_type;
    std::optional<Known> known;
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = known_.find(key); found != known_.end()) known = found->second;
    }
    if (known && now - known->at < time_to_live_) return known->schema;

    Result<std::optional<store::Store::Cached>> cached = store_.cache_get("schema", key);
    if (!cached) return cached.error();
    std::optional<Json> stored;
    if (*cached) {
        Result<Json> parsed = Json::parse((*cached)->value);
        if (parsed) stored = std::move(*parsed);
        if (stored && now - (*cached)->at < time_to_live_)
            return remember(key, *stored, (*cached)->at);
    }
    // Two threads may ask at the same time; the second answer replaces an equal first one.
    Result<Json> fetched = connection.connection->schema(of_connection, context);
    if (fetched) {
        if (Result<void> put = store_.cache_put("schema", key, fetched->dump(), now); !put)
            return put.error();
        return remember(key, *fetched, now);
    }
    const ErrorClass error_class = fetched.error().error_class;
    const bool passing =
        error_class == ErrorClass::Transient || error_class == ErrorClass::Throttled;
    if (passing && known) return known->schema;
    if (passing && stored) return remember(key, *stored, (*cached)->at);
    return fetched.error();
}

}  // namespace carrick::engine
