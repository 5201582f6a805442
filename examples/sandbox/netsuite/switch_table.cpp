// SPDX-License-Identifier: Apache-2.0
// The positions and what each means; FIDELITY.md gives the source of each doubt.
#include "examples/sandbox/netsuite/switch_table.hpp"

namespace carrick::sandbox::netsuite {

void declare_switches(Switches& switches) {
    const auto declare = [&](const char* name, const char* value, std::vector<std::string> allowed,
                             const char* meaning) {
        switches.declare(std::string("netsuite.") + name, value, std::move(allowed), meaning);
    };
    // The account.
    declare("user_zone", "America/Los_Angeles", {},
            "IANA zone of the integration user: SuiteQL date-times and the default tranDate");
    declare("date_format", "M/D/YYYY", {"M/D/YYYY", "D/M/YYYY", "DD.MM.YYYY", "YYYY-MM-DD"},
            "the user's date format, for unformatted SuiteQL dates and dates in q");
    declare("datetime_without_time", "on", {"on", "off"},
            "unformatted SuiteQL date-times lose their time of day");
    declare("concurrency_limit", "5", {}, "requests in flight before 429");
    declare("release", "2026.2", {"2026.1", "2026.2"},
            "2026.2 has SuiteQL bound parameters and sequential batches");
    declare("latency_percent", "0", {},
            "share of the typical latencies that answers are delayed by; they hold a slot so long");
    // Tax.
    declare("tax_engine", "suitetax", {"suitetax", "legacy", "none"}, "the account's tax engine");
    declare("tax_recompute", "on", {"on", "off"},
            "the engine computes tax after a write that does not override it");
    declare("legacy_tax_writes", "ignored", {"ignored", "accepted"},
            "whether isTaxable, taxItem, taxRate and taxCode sent over REST have an effect");
    // Orders.
    declare("amazon_fields", "present", {"present", "absent"},
            "the custom fields custbody_amz_... that a connector for Amazon orders brings along");
    declare("default_order_status", "A", {"A", "B"}, "status of an order that does not say");
    declare("line_numbering", "gaps", {"gaps", "consecutive"},
            "ids of order lines: 1 4 7 or 1 2 3");
    declare("header_location", "not_copied", {"not_copied", "copied"},
            "whether the header's location reaches lines that have none");
    declare("shipping_cost_needs_method", "on", {"on", "off"},
            "shippingCost without shipMethod is refused");
    // Documents that post.
    declare("location_required", "on", {"on", "off"},
            "goods on invoices, cash sales and fulfilments need a location on their line");
    declare("pick_pack_ship", "on", {"on", "off"},
            "fulfilments begin as picked unless they say shipped; off: all are shipped");
    declare("picked_is_cumulative", "on", {"on", "off"},
            "an order line's quantitypicked and quantitypacked go on counting what has left");
    declare("bill_in_advance", "off", {"off", "on"},
            "goods of an order can be billed before they are fulfilled");
    declare("invoice_approval", "off", {"off", "on"},
            "invoices begin unapproved and do not post until they are approved");
    declare("date_outside_period", "refuse", {"refuse", "allow"},
            "a posting period that is not the one of the date");
    declare("closed_through", "", {}, "last day (YYYY-MM-DD) that lies in a closed period");
    declare("ar_locked_through", "", {}, "last day that lies in a period locked for receivables");
    // Asynchronous requests.
    declare("async_delay_ms", "1000", {}, "sandbox time from a submission to its first task");
    declare("async_task_ms", "50", {}, "sandbox time that each further task of a batch takes");
    declare("batch_failure", "continue", {"continue", "stop"},
            "what a failed task of a sequential batch does to those behind it");
    declare("task_order", "items", {"items", "shuffled"},
            "whether task numbers follow the items of the request");
    declare("tba", "accepted", {"accepted", "refused"},
            "token-based authentication (OAuth 1.0a) of integrations made before 2027.1");
    // Customers.
    declare("auto_numbering", "off", {"off", "on"},
            "customers get numbers as names, so equal names do not clash");
    declare("four_byte_text", "refuse", {"refuse", "strip", "accept"},
            "characters outside the Basic Multilingual Plane");
    // The protocol.
    declare("create_status", "204", {"200", "201", "204"}, "status of a create that worked");
    declare("error_type", "w3", {"w3", "rfc9110"}, "spelling of `type` in error bodies");
    declare("bare_references", "accepted", {"accepted", "refused"},
            "\"110\" where {\"id\": \"110\"} is documented");
    declare("relative_location", "off", {"off", "on"}, "Location without scheme and host");
    declare("duplicate_text", "record", {"record", "entity", "key"},
            "how a used external id of a transaction is refused");
    declare("unknown_key_status", "401", {"400", "401"},
            "token endpoint: status of invalid_client");
    declare("suiteql_lag_ms", "0", {}, "SuiteQL sees a write so much later (sandbox time)");
    declare("suiteql_with", "refused", {"refused", "accepted"}, "WITH in SuiteQL");
    declare("dual", "available", {"available", "absent"}, "the table DUAL");
    declare("metadata_parts", "separate", {"separate", "inline"},
            "sublists and addresses in JSON Schema: behind $ref, or in place");
    // Things that go wrong at the customer's; faults of the wire are fault rules.
    declare("certificate", "active", {"active", "revoked"}, "the certificate of the integration");
    declare("denied_permission", "", {},
            "record types (comma-separated) that the role may not touch; SuiteQL hides them");
    declare("script_error", "", {}, "text that a user-event script throws on each sales order");
    declare("workflow_lock", "off", {"off", "on"}, "a workflow locks sales orders after creation");
    declare("record_changed", "off", {"off", "on"},
            "each PATCH of a sales order meets a change by somebody else");
}

}  // namespace carrick::sandbox::netsuite
