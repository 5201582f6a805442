// SPDX-License-Identifier: Apache-2.0
// From the configuration's connections to live ones.
#include "core/app/application.hpp"
#include "core/app/following_clock.hpp"

#include "core/connectors/amazon/amazon_connection.hpp"
#include "core/connectors/http/cpprest_transport.hpp"
#include "core/connectors/http/logging_transport.hpp"
#include "core/connectors/netsuite/netsuite_connection.hpp"

namespace carrick::app {

namespace {

std::string secret(const config::ConnectionConfig& connection, const char* name) {
    const auto found = connection.auth.find(name);
    return found == connection.auth.end() ? std::string() : found->second.reveal();
}

bool is_loopback(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return false;
    const std::string_view rest = url.substr(scheme + 3);
    if (rest.starts_with("[::1]")) return true;
    const std::string_view host = rest.substr(0, rest.find_first_of(":/"));
    return host == "localhost" || host.starts_with("127.");
}

amazon::AmazonOptions amazon_options(const config::ConnectionConfig& connection) {
    amazon::AmazonOptions options;
    options.name = connection.name;
    options.region = amazon::region_from_code(connection.options["region"].text())
                         .value_or(amazon::Region::NorthAmerica);
    options.credentials.client_id = secret(connection, "client_id");
    options.credentials.client_secret = secret(connection, "client_secret");
    options.credentials.refresh_token = secret(connection, "refresh_token");
    options.base_url = connection.options["base_url"].text();
    options.token_url = connection.options["token_url"].text();
    return options;
}

connectors::netsuite::NetSuiteOptions netsuite_options(const config::ConnectionConfig& connection) {
    const Json& given = connection.options;
    connectors::netsuite::NetSuiteOptions options;
    options.name = connection.name;
    options.account = given["account"].text();
    using connectors::netsuite::AuthMethod;
    using connectors::netsuite::WriteMode;
    if (secret(connection, "method") == "tba") options.method = AuthMethod::Tba;
    options.tba = {secret(connection, "consumer_key"), secret(connection, "consumer_secret"),
                   secret(connection, "token_id"), secret(connection, "token_secret")};
    const std::string& mode = given["write_mode"].text();
    options.write_mode = mode == "batch"  ? WriteMode::Batch
                         : mode == "auto" ? WriteMode::Auto
                                          : WriteMode::Single;
    options.client_id = secret(connection, "client_id");
    options.certificate_id = secret(connection, "certificate_id");
    options.private_key = secret(connection, "private_key");
    options.algorithm = secret(connection, "algorithm");
    if (!given["scopes"].empty()) {
        options.scopes.clear();
        for (const Json& scope : given["scopes"].items()) options.scopes.push_back(scope.text());
    }
    options.base_url = given["base_url"].text();
    options.token_url = given["token_url"].text();
    options.concurrency = static_cast<unsigned>(given["concurrency"].integer_if().value_or(0));
    options.bound_parameters = given["bound_parameters"].bool_if().value_or(true);
    options.order_field = given["order_field"].text();
    if (const auto timeout = given["read_timeout"].integer_if())
        options.read_timeout = Milliseconds(*timeout);
    if (const auto timeout = given["write_timeout"].integer_if())
        options.write_timeout = Milliseconds(*timeout);
    return options;
}

}  // namespace

Connections::~Connections() = default;

Result<std::unique_ptr<Connections>> Connections::make(const config::Config& config,
                                                       const GlobalOptions& options) {
    std::unique_ptr<Connections> connections(new Connections());
    if (Result<void> clock = connections->make_clock(config, options); !clock) return clock.error();
    for (const auto& [name, connection] : config.connections)
        if (Result<void> made = connections->make_one(connection); !made) return made.error();
    return connections;
}

Result<void> Connections::make_clock(const config::Config& config, const GlobalOptions& options) {
    if (options.test_clock.empty()) {
        clock_ = std::make_unique<SystemClock>();
        return {};
    }
    std::string origin;
    for (const auto& [name, connection] : config.connections) {
        const std::string& url = connection.options["base_url"].text();
        if (!is_loopback(url))
            return misconfigured(
                "clock.sandbox",
                "--test-clock sandbox is refused: connection " + name +
                    " has no base_url on this machine, and a real account needs the real time",
                "connections." + name + ".base_url");
        const std::size_t path = url.find('/', url.find("://") + 3);
        if (origin.empty()) origin = url.substr(0, path);
    }
    auto following =
        std::make_unique<FollowingClock>(transport_for(""), origin + "/_sandbox/clock");
    if (Result<void> started = following->start(); !started) return started;
    clock_ = std::move(following);
    return {};
}

http::HttpTransport& Connections::transport_for(const std::string& ca_file) {
    if (const auto found = logging_.find(ca_file); found != logging_.end()) return *found->second;
    http::TransportOptions options;
    options.ca_file = ca_file;
    options.allow_plain_http_on_loopback = true;
    transports_[ca_file] = http::make_cpprest_transport(options);
    logging_[ca_file] = std::make_unique<http::LoggingTransport>(*transports_[ca_file]);
    return *logging_[ca_file];
}

Result<void> Connections::make_one(const config::ConnectionConfig& connection) {
    http::HttpTransport& transport = transport_for(connection.options["ca_file"].text());
    Result<std::unique_ptr<connectors::Connection>> made =
        connection.connector == config::ConnectorKind::Amazon
            ? amazon::make_amazon_connection(amazon_options(connection), transport, *clock_,
                                             random_)
            : connectors::netsuite::make_netsuite_connection(netsuite_options(connection),
                                                             transport, *clock_, random_);
    if (!made) return made.error();
    by_name_[connection.name] = made->get();
    owned_.push_back(std::move(*made));
    return {};
}

}  // namespace carrick::app
