// What a request to the dashboard asks for, read and checked: which page, of which
// project, as of when, and whether a form was sent by one of our own pages. Throws
// Refusal, which the client is told in place of a page.
#pragma once

#include <httplib.h>

#include <string>
#include <utility>
#include <vector>
#include <views/server/server.hpp>

namespace resident {

inline constexpr int kSeeOther = 303, kBadRequest = 400, kForbidden = 403, kNotFound = 404, kNotAllowed = 405,
                     kMisdirected = 421, kFailed = 500;

struct Refusal {
  int status;
  std::string title, message, hint;
};

// Address and title of the pages that every page links to, in the order in which a maintainer opens them.
const std::vector<std::pair<std::string, std::string>>& navigation();
// "item" for "/item/12"; "" where there is no such page.
std::string slug_of(const std::string& path);
PageRequest read_request(const httplib::Request& request, const std::vector<std::string>& projects);
// Pages to look on for a Result of that name, likely ones first.
std::vector<std::string> slugs_for(const std::string& name, const PageRequest& request);
// What a form did, in a sentence for people; "" for a word that says nothing.
std::string done_sentence(const std::string& word);
// Whether an address is one of ours whose page has forms, to go back to.
bool has_forms(const std::string& address);
// Whether a browser says that one of our own pages sent it; other programs say nothing.
bool is_from_here(const httplib::Request& request);
// The name in a Host header, without the port; a port that is no number stays.
std::string host_name(const std::string& header);

}  // namespace resident
