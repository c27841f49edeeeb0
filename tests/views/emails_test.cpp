#include <gtest/gtest.h>

#include <framework/result.hpp>
#include <views/page.hpp>
#include <views/view.hpp>

namespace resident {
namespace {

constexpr const char* kAddress = "ada.l@mail.example";

Result full_of_addresses() {
  Result result;
  result.name = "x";
  result.title = result.claim = result.question = result.coverage = result.uncertainty = result.definition =
      result.method = std::string("by ") + kAddress;
  result.columns = {{"who", std::string("Who, ") + kAddress}, {"text", "Text"}};
  result.rows = {{std::string(kAddress), std::string("write to ") + kAddress + "!"}};
  result.notes = {std::string("see ") + kAddress};
  return result;
}

TEST(Emails, NoneIsLeftInAResult) {
  Result result = full_of_addresses();
  hide_emails(result);
  EXPECT_EQ(std::get<std::string>(result.rows[0][0]), "ada.l@…");  // people are told apart still
  EXPECT_EQ(std::get<std::string>(result.rows[0][1]), "write to <e-mail>!");
  for (const View& view : views()) {
    const std::string text = view.render({result}, {});
    EXPECT_EQ(text.find("mail.example"), std::string::npos) << view.name << ": " << text;
  }
}

TEST(Emails, WhatIsToBeSentStaysExact) {
  Result result = full_of_addresses();
  result.columns[1].exact = true;
  hide_emails(result);
  EXPECT_EQ(std::get<std::string>(result.rows[0][1]), std::string("write to ") + kAddress + "!");
}

TEST(Emails, NoneIsOnADocumentButInAForm) {
  Page page;
  page.slug = "item/1";
  page.title = page.intro = page.markdown = page.cards_title = std::string("of ") + kAddress;
  page.results = page.data = {full_of_addresses()};
  page.links = {{"/item/2", std::string("next, by ") + kAddress}};
  ActionCard card;
  card.title = card.tag = card.text = card.heading = std::string("card by ") + kAddress;
  card.facts = {{kAddress, kAddress, kAddress}};
  ActionForm form;
  form.kind = "comment";
  form.content = "write to support@form.example";
  form.reason = kAddress;
  form.input = ActionForm::Input::text;
  card.forms = {form};
  page.cards = {card};
  for (const bool served : {false, true}) {
    DocumentOptions options;
    options.served = served;
    options.form_token = served ? "token" : "";
    const std::string document = render_document({page}, options);
    EXPECT_EQ(document.find("mail.example"), std::string::npos);
    EXPECT_EQ(document.find("support@form.example") != std::string::npos, served);
  }
}

}  // namespace
}  // namespace resident
