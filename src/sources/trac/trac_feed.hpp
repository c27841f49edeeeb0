// What a Trac answers without any plugin: the list of tickets and a ticket's fields as CSV, its history as RSS. Pure
// functions over their text, which is hostile.
//
// CSV's dates are written as the server and the asker like them ("01/02/24 09:00:00"), without a zone; RSS has all
// moments in one form. So nothing is read of CSV's dates but whether they are the same again, and each moment comes
// from RSS.
#pragma once

#include <map>
#include <sources/trac/trac_ticket.hpp>
#include <string>
#include <string_view>

namespace resident::trac {

// query?format=csv with the column id first: rows with the print of all their columns. An empty text has none.
trackers::TrackerPage query_rows(std::string_view csv);
// query?format=rss: when each ticket was opened. Throws Error where it is no such feed.
std::map<std::int64_t, Timestamp> opening_times(std::string_view rss);
// ticket/N?format=csv: the fields by their names. Throws Error where it is none.
TracTicket ticket_fields(std::string_view csv);
// ticket/N?format=rss: adds changes, comments and files. What a change tells only in the words of the server's language
// is concluded from the fields as they are now, backwards. Throws Error where it is no such feed; an entry
// that cannot be read goes to problem.
void ticket_history(std::string_view rss, TracTicket& ticket, const trackers::Problem& problem);

// "Tue, 02 Jan 2024 09:00:00 GMT" (RFC 822, as HTTP dates).
std::optional<Timestamp> parse_http_date(std::string_view text);

}  // namespace resident::trac
