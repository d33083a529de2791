"""Every failure of the catalogue once, end to end: a real server, a real database, a sandbox that misbehaves. One function for each row, named as the row.

   failures.py ROOT DATA PORT

F34 (webhooks that nobody takes) has a journey of its own, webhooks_test.sh.
"""
import datetime
import sys

from shop import PACK, Shop, Wrong, a_moment, is_, send, until


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def units(shop, order, line=0):
    return shop.see(order)["lines"][line]["units"]


def paid(shop, order):
    tender = shop.see(order)["instalments"][0]
    return tender["captured"]["amount"] - tender["refunded"]["amount"]


def f1_the_same_order_sent_twice_is_one_order(shop):
    body = shop.delivery(shop.product("F1", DC=5), external_number="F1-1")
    first = shop.post("/v1/orders", body, "gateway", key="f1", wait=10)
    again = shop.post("/v1/orders", body, "gateway", key="f1", wait=10)
    is_((first[0], again[0], first[1]["id"] == again[1]["id"]), (201, 200, True), "two orders of one key")
    is_(shop.headers["Idempotent-Replayed"], "true", "the header")
    status, answer = shop.post("/v1/orders", {**body, "lines": [{"sku": "F1", "quantity": 2}]}, "gateway", key="f1")
    is_(status, 422, "the answer to another body")


def f2_a_price_that_has_changed_is_asked_about_and_never_charged(shop):
    sku = shop.product("F2", 1500, DC=5)
    body = shop.delivery(sku, lines=[{"sku": sku, "quantity": 1, "unit_price": {"amount": 1000, "currency": "GBP"}}])
    answer = shop.refused("/v1/orders", body, 409, "price-changed", "gateway")
    if "15.00" not in str(answer):
        raise Wrong(f"the new price is not told: {answer}")


def f3_stock_that_is_gone_is_sent_from_elsewhere_or_refused_and_nothing_is_charged(shop):
    sku = shop.product("F3", DC=1, YORK_1=3)
    order = shop.order(shop.delivery(sku, 2, "72h"))
    is_(shop.work(order)["location"], "YORK-1", "the place that sends")
    status, answer = shop.post("/v1/orders", shop.delivery(sku, 9, "72h"), "gateway", wait=10)
    is_((status, answer["code"]), (409, "stock-short"), "the answer to nine of them")
    is_(len([line for line in shop.sandbox("GET", "/ledger").splitlines() if answer.get("order", "ord_none") in line]), 0, "captures for it")


def f5_a_declined_card_keeps_the_units_until_another_one_is_given(shop):
    sku = shop.product("F5", DC=1)
    status, answer = shop.post("/v1/orders", shop.delivery(sku, payment={"token": "tok_declined"}), "gateway", wait=2)
    order = answer.get("id") or answer.get("order")
    until("the instalment", lambda: shop.see(order)["instalments"][0]["status"], "declined")
    is_(shop.stock("DC", sku)["available"], 0, "what is left for others")
    shop.done(f"/v1/orders/{order}/payments", {"token": "tok_visa"}, "gateway")
    shop.becomes(order, "confirmed")


def f6_a_provider_that_does_not_answer_is_asked_what_became_of_it_and_charges_once(shop):
    shop.fault("lost_answer", 1)
    status, answer = shop.post("/v1/orders", shop.delivery(shop.product("F6", DC=1)), "gateway")
    order = answer["id"]
    shop.becomes(order, "confirmed")  # by an enquiry, or by the provider's own message, whichever is faster
    shop.fault("lost_answer", 0)
    is_(paid(shop, order), shop.see(order)["total"]["amount"], "what was paid")
    is_(len({line["key"] for line in shop.movements_of_money(order)}), 1, "the keys that the provider knows")


def f7_a_success_that_comes_after_the_rejection_is_undone_at_once(shop):
    sku = shop.product("F7", DC=1)
    status, answer = shop.post("/v1/orders", shop.delivery(sku, payment={"token": "tok_declined"}), "gateway")
    order = answer["id"]
    until("the instalment", lambda: shop.see(order)["instalments"][0]["status"], "declined")
    shop.done(f"/v1/orders/{order}/cancellations", {"reason": "changed my mind"}, "gateway")
    shop.becomes(order, "cancelled")
    event = {"type": "captured", "key": order + "/1/1", "reference": "late", "amount": shop.see(order)["total"]}
    is_(shop.partner_says("/v1/payment-events", "payment-secret", "evt_late", event)["outcome"], "taken", "the late success")
    until("the instalment", lambda: shop.see(order)["instalments"][0]["status"], "voided")
    is_(paid(shop, order), 0, "what the customer has paid")
    is_(shop.stock("DC", sku)["available"], 1, "what is for others again")


def f9_a_store_that_rejects_is_replaced_by_the_next_and_not_asked_again(shop):
    sku = shop.product("F9", LEEDS_1=5, YORK_1=5)
    order = shop.order(shop.delivery(sku, 1, "72h"))
    first = shop.work(order)
    shop.act(first, ("reject", {"reason": "not_in_stock"}))
    second = shop.work(order, 1)
    is_({first["location"], second["location"]}, {"LEEDS-1", "YORK-1"}, "the two places")
    is_(shop.stock(first["location"], sku)["available"], 0, "what the first may promise")


def f11_what_is_not_found_is_sent_from_elsewhere(shop):
    sku = shop.product("F11", DC=3, YORK_1=3)
    order = shop.order(shop.delivery(sku, 3, "72h"))
    parcel = shop.work(order)
    is_(parcel["location"], "DC", "the place that sends")
    shop.act(parcel, "start-pick", ("pick", {"lines": [{"line": 1, "found": 2}]}))
    rest = shop.work(order, 1)
    is_((rest["location"], rest["lines"][0]["quantity"]), ("YORK-1", 1), "the rest")


def f12_what_is_unpacked_needs_another_label(shop):
    order = shop.order(shop.delivery(shop.product("F12", DC=1)))
    parcel = shop.work(order)
    shop.act(parcel, "pick", PACK)
    first = shop.labelled(parcel)
    shop.act(parcel, "unpack", PACK)
    is_(shop.labelled(parcel) != first, True, "another number")


def f13_a_carrier_that_makes_no_label_is_followed_by_the_next(shop):
    order = shop.order(shop.delivery(shop.product("F13", DC=1)))
    parcel = shop.work(order)
    shop.act(parcel, "pick")
    shop.fault("refuse", 2, "carrier")
    shop.act(parcel, PACK, "unpack", PACK)  # the second label is refused
    tracking = shop.labelled(parcel)
    shop.fault("refuse", 0, "carrier")
    is_(shop.get("/v1/fulfilments/" + parcel["id"])["label"]["carrier"], "Royal Mail", "who carries it")
    is_(shop.sandbox("GET", "/parcels/" + tracking)["carrier"], "Royal Mail", "whom the carrier thinks it is")


def f14_a_lost_parcel_is_sent_again_and_one_that_comes_back_is_paid_back(shop):
    sku = shop.product("F14", DC=2)
    order = shop.order(shop.delivery(sku))
    parcel = shop.work(order)
    shop.act(parcel, "pick", PACK)
    tracking = shop.labelled(parcel)
    shop.sandbox("POST", f"/parcels/{tracking}/in_transit")  # nobody has said that it left: the carrier has it
    shop.work(order, 0, "shipped")
    shop.sandbox("POST", f"/parcels/{tracking}/lost")
    again = shop.work(order, 1, "accepted")
    is_(shop.work(order)["status"], "failed", "the first parcel")
    charged = paid(shop, order)
    shop.act(again, "pick", PACK)
    tracking = shop.labelled(again)
    shop.act(again, "ship")
    shop.sandbox("POST", f"/parcels/{tracking}/return_to_sender")
    until("what the carrier says", lambda: shop.work(order, 1)["carrier_says"], "return_to_sender")
    is_(paid(shop, order), charged, "what the customer has paid so far")
    shop.act(again, "return-to-origin")
    shop.becomes(order, "cancelled")
    until("what the customer has paid", lambda: paid(shop, order), 0)
    until("what lies there again", lambda: shop.stock("DC", sku)["available"], 1)


def f15_an_order_cancelled_before_the_pick_is_paid_back_and_its_units_are_free(shop):
    sku = shop.product("F15", DC=1)
    order = shop.order(shop.delivery(sku))
    shop.done(f"/v1/orders/{order}/cancellations", {"reason": "changed my mind"}, "gateway")
    shop.becomes(order, "cancelled")
    until("what the customer has paid", lambda: paid(shop, order), 0)
    until("what is for others", lambda: shop.stock("DC", sku)["available"], 1)


def f16_an_order_cancelled_when_it_is_packed_is_decided_by_staff(shop):
    order = shop.order(shop.delivery(shop.product("F16", DC=1)))
    parcel = shop.work(order)
    shop.act(parcel, "pick", PACK)
    shop.done(f"/v1/orders/{order}/cancellations", {"reason": "changed my mind"}, "gateway")
    until("the question", lambda: shop.work(order)["stop_asked"], True)
    is_(shop.see(order)["status"], "cancelling", "the order")
    shop.act(parcel, "confirm-stop")
    shop.becomes(order, "cancelled")
    shop.act(parcel, "put-back")


def f17_a_cancellation_that_loses_the_race_against_the_van_is_refused(shop):
    order = shop.order(shop.delivery(shop.product("F17", DC=1)))
    parcel = shop.work(order)
    shop.act(parcel, "pick", PACK, "ship")
    until("what has left", lambda: units(shop, order)["issued"], 1)
    shop.refused(f"/v1/orders/{order}/cancellations", {"reason": "changed my mind"}, 409, "units-issued", "gateway")


def f19_five_wrong_codes_lock_the_bag_and_an_identity_opens_it(shop):
    order = shop.order(shop.pickup(shop.product("F19", LEEDS_1=1)))
    bag = shop.work(order)
    shop.act(bag, "accept", "pick", ("stage", {"bin": "A1"}))
    path = f"/v1/pickups/{bag['id']}/hand-over"
    for _ in range(4):
        shop.refused(path, {"code": "no-code"}, 422, "code-wrong")
    shop.refused(path, {"code": "no-code"}, 409, "code-locked")
    shop.refused(path, {"code": "no-code"}, 409, "code-locked")
    shop.act(bag, ("hand-over", {"id_checked": True}))
    shop.becomes(order, "completed")


def f32_a_server_that_dies_in_the_middle_goes_on_where_it_was(shop):
    shop.fault("silent", 1, delay_ms=3000)
    status, answer = shop.post("/v1/orders", shop.delivery(shop.product("F32", DC=1)), "gateway")
    order = answer["id"]
    until("the instalment", lambda: shop.see(order)["instalments"][0]["status"] in ("capturing", "unknown"), True)
    shop.kill("server")
    shop.fault("silent", 0)
    shop.start()
    shop.becomes(order, "confirmed")
    is_(paid(shop, order), shop.see(order)["total"]["amount"], "what was paid")
    is_(len({line["key"] for line in shop.movements_of_money(order)}), 1, "the keys that the provider knows")


def f33_without_its_database_the_shop_takes_nothing_and_says_when_to_come_back(shop):
    body = shop.delivery(shop.product("F33", DC=2))
    shop.kill_database()
    until("readiness", lambda: send("GET", shop.url + "/readyz")[0], 503)
    status, answer = shop.post("/v1/orders", body, "gateway", key="f33")
    is_(status, 503, f"the answer {answer}")
    is_(int(shop.headers["Retry-After"]) > 0, True, "when to come back")
    shop.start()
    until("the same request", lambda: shop.post("/v1/orders", body, "gateway", key="f33", wait=10)[0] in (200, 201), True)
    until("what is left", lambda: (shop.stock("DC", "F33") or {}).get("available"), 1)


def f35_a_count_that_comes_late_is_put_right_by_what_has_moved_since(shop):
    sku = shop.product("F35", LEEDS_1=9)
    a_moment()
    taken_at = now()
    a_moment()
    shop.done("/v1/locations/LEEDS-1/sales", {"till": "T1", "receipt": "F35-1", "lines": [{"sku": sku, "quantity": 3, "price": {"amount": 1000, "currency": "GBP"}}]})
    shop.done("/v1/locations/LEEDS-1/counts", {"reference": "F35-C", "taken_at": taken_at, "lines": [{"sku": sku, "counted": 10}]})
    until("on hand", lambda: shop.stock("LEEDS-1", sku)["on_hand"], 7)


def f36_a_count_of_fewer_than_are_promised_keeps_the_oldest_promise_and_sends_the_newest_from_elsewhere(shop):
    sku = shop.product("F36", LEEDS_1=3, YORK_1=3)  # one of each stays there, as the rules say
    oldest = shop.order(shop.delivery(sku, 1, "72h"))
    newest = shop.order(shop.delivery(sku, 1, "72h"))
    is_([shop.work(order)["location"] for order in (oldest, newest)], ["LEEDS-1", "LEEDS-1"], "the places that send")
    a_moment()
    shop.done("/v1/locations/LEEDS-1/counts", {"reference": "F36-C", "taken_at": now(), "lines": [{"sku": sku, "counted": 1}]})
    if any(count["reference"] == "F36-C" for count in shop.get("/v1/locations/LEEDS-1/counts")["items"]):
        shop.done("/v1/locations/LEEDS-1/counts/F36-C/approve")
    is_(shop.work(newest, 1)["location"], "YORK-1", "where the newest comes from")
    is_(len(shop.all_work(oldest)), 1, "the places of the oldest")
    is_(units(shop, oldest)["held"], 1, "what the oldest has")


def f4_a_customer_who_stays_at_the_bank_loses_the_units_and_pays_nothing(shop):
    sku = shop.product("F4", DC=1)
    status, answer = shop.post("/v1/orders", shop.delivery(sku, payment={"token": "tok_3ds"}), "gateway")
    order = answer["id"]
    until("the instalment", lambda: shop.see(order)["instalments"][0]["status"], "requires_action")
    shop.later(minutes=16)
    shop.becomes(order, "rejected")
    is_(shop.see(order)["rejection"]["code"], "payment-not-confirmed", "why")
    until("what is for others", lambda: shop.stock("DC", sku)["available"], 1)
    is_(paid(shop, order), 0, "what the customer has paid")


def f8_a_store_that_does_not_answer_is_replaced(shop):
    sku = shop.product("F8", LEEDS_1=5, YORK_1=5)
    order = shop.order(shop.delivery(sku, 1, "72h"))
    first = shop.work(order)
    shop.later(minutes=31)
    until("the first place", lambda: shop.work(order)["status"], "rejected")
    is_(shop.work(order)["why_dropped"], "no_answer", "why")
    second = shop.work(order, 1)
    is_(second["location"] != first["location"], True, "another place")
    shop.refused(f"/v1/fulfilments/{first['id']}/accept", {}, 409, "fulfilment-not-offered")


def f18_a_bag_that_nobody_fetches_goes_back_to_the_shelf_and_its_money_to_the_customer(shop):
    sku = shop.product("F18", LEEDS_1=1)
    order = shop.order(shop.pickup(sku))
    bag = shop.work(order)
    shop.act(bag, "accept", "pick", ("stage", {"bin": "A2"}))
    shop.later(days=7, minutes=1)
    until("the bag", lambda: shop.work(order)["status"], "no_show")
    shop.becomes(order, "cancelled")
    until("what the customer has paid", lambda: paid(shop, order), 0)
    shop.act(bag, "put-back")
    until("what is for others", lambda: shop.stock("LEEDS-1", sku)["available"], 1)


ROWS = [f1_the_same_order_sent_twice_is_one_order, f2_a_price_that_has_changed_is_asked_about_and_never_charged,
        f3_stock_that_is_gone_is_sent_from_elsewhere_or_refused_and_nothing_is_charged, f5_a_declined_card_keeps_the_units_until_another_one_is_given,
        f6_a_provider_that_does_not_answer_is_asked_what_became_of_it_and_charges_once, f7_a_success_that_comes_after_the_rejection_is_undone_at_once,
        f9_a_store_that_rejects_is_replaced_by_the_next_and_not_asked_again, f11_what_is_not_found_is_sent_from_elsewhere, f12_what_is_unpacked_needs_another_label,
        f13_a_carrier_that_makes_no_label_is_followed_by_the_next, f14_a_lost_parcel_is_sent_again_and_one_that_comes_back_is_paid_back,
        f15_an_order_cancelled_before_the_pick_is_paid_back_and_its_units_are_free, f16_an_order_cancelled_when_it_is_packed_is_decided_by_staff,
        f17_a_cancellation_that_loses_the_race_against_the_van_is_refused, f19_five_wrong_codes_lock_the_bag_and_an_identity_opens_it,
        f35_a_count_that_comes_late_is_put_right_by_what_has_moved_since, f36_a_count_of_fewer_than_are_promised_keeps_the_oldest_promise_and_sends_the_newest_from_elsewhere, f32_a_server_that_dies_in_the_middle_goes_on_where_it_was,
        f33_without_its_database_the_shop_takes_nothing_and_says_when_to_come_back,
        # From here on the server is ahead of its partners.
        f4_a_customer_who_stays_at_the_bank_loses_the_units_and_pays_nothing, f8_a_store_that_does_not_answer_is_replaced,
        f18_a_bag_that_nobody_fetches_goes_back_to_the_shelf_and_its_money_to_the_customer]


def main():
    shop = Shop(*sys.argv[1:4])
    chosen = [row for row in ROWS if len(sys.argv) < 5 or row.__name__.split("_")[0] in sys.argv[4:]]
    wrong = 0
    for row in chosen:
        name = row.__name__.replace("_", " ")
        try:
            row(shop)
            print("ok   " + name, flush=True)
        except (Wrong, KeyError, IndexError, TypeError, OSError) as why:
            wrong += 1
            print(f"BAD  {name}: {type(why).__name__} {why}", flush=True)
    sys.exit(1 if wrong else 0)


main()
