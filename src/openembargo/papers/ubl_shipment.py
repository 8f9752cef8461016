"""The shipment of a UBL document: route, means of transport, consignments, goods items.

Source: OASIS UBL 2.1, `Shipment`, `Consignment`, `ShipmentStage`, `Delivery`, `GoodsItem`; UN/ECE Recommendation 19 (modes).
"""

from .draft import Draft
from .route import Stop, Way
from .ubl import country_stop, location, put_item, put_means, put_parties, put_quantity, put_value
from .xml_paper import Node

MODES = {"1": "sea", "2": "rail", "3": "road", "4": "air", "7": "pipeline", "8": "sea"}
STAGE_PLACES = (
    ("LoadingPortLocation", "loaded"),
    ("TransshipPortLocation", "passed"),
    ("UnloadingPortLocation", "landed"),
)


def _add(held: list[Stop], *stops: Stop | None) -> None:
    held += [stop for stop in stops if stop]


def put_deliveries(draft: Draft, node: Node, way: Way) -> None:
    """Put what the deliveries of an element say: places, parties, shipments."""
    for delivery in node.all("Delivery"):
        _add(
            way.ends,
            location(draft, delivery.first("DeliveryLocation")),
            location(draft, delivery.first("DeliveryAddress")),
        )
        put_parties(draft, delivery)
        for despatch in delivery.all("Despatch"):
            places = (despatch.first("DespatchLocation"), despatch.first("DespatchAddress"))
            _add(way.begins, *(location(draft, place) for place in places))
            put_parties(draft, despatch)
        put_shipments(draft, delivery, way)


def put_shipments(draft: Draft, node: Node, way: Way) -> None:
    """Put what the shipments of an element say."""
    for shipment in node.all("Shipment"):
        put_deliveries(draft, shipment, way)
        for consignment in shipment.all("Consignment"):
            put_parties(draft, consignment)
            _add(way.begins, country_stop(consignment.first("OriginalDepartureCountry")))
            _add(way.ends, country_stop(consignment.first("FinalDestinationCountry")))
            _add(way.passed, *(country_stop(land) for land in consignment.all("TransitCountry")))
            _stages(draft, consignment, way)
        _stages(draft, shipment, way)
        _add(
            way.begins, location(draft, shipment.first("OriginAddress")), country_stop(shipment.first("ExportCountry"))
        )


def _stages(draft: Draft, node: Node, way: Way) -> None:
    for name in ("ShipmentStage", "MainCarriageShipmentStage"):
        for stage in node.all(name):
            _stage(draft, stage, way)


def _stage(draft: Draft, stage: Node, way: Way) -> None:
    """Put one stage; the mode of the deal is that of the main carriage."""
    put_parties(draft, stage)
    put_means(draft, stage.first("TransportMeans"))
    for name, held in STAGE_PLACES:
        _add(getattr(way, held), location(draft, stage.first(name)))
    mode = stage.first("TransportModeCode")
    aside = "true" in (stage.said("PreCarriageIndicator"), stage.said("OnCarriageIndicator"))
    if mode and mode.text in MODES and not aside:
        draft.section("route").put("mode", MODES[mode.text], mode.origin("mode of transport"))


def put_goods_items(draft: Draft, root: Node) -> None:
    """Put the goods items of the shipments; without any, what the consignments say of the tariff."""
    for shipment in root.all("Shipment"):
        items = [*shipment.all("GoodsItem"), *shipment.all("TransportHandlingUnit", "GoodsItem")]
        for item in items:
            row = draft.add("goods")
            inner = item.first("Item")
            texts = [text.text for text in item.all("Description") if text.text]
            if inner:
                put_item(draft, row, inner, " ".join(texts))
            elif texts:
                put_item(draft, row, item)
            put_quantity(
                draft, row, item.first("NetWeightMeasure"), item.first("GrossWeightMeasure"), item.first("Quantity")
            )
            put_value(draft, row, "value_usd", item.first("ValueAmount") or item.first("DeclaredCustomsValueAmount"))
        for consignment in shipment.all("Consignment") if not items else ():
            _tariff_alone(draft, consignment)


def _tariff_alone(draft: Draft, consignment: Node) -> None:
    described = consignment.first("TariffDescription") or consignment.first("SummaryDescription")
    code = consignment.first("TariffCode")
    if not described and not code:
        return
    row = draft.add("goods")
    if described:
        row.put("description", described.text, described.origin())
    if code:
        row.put("hs", code.text, code.origin("tariff code of the consignment"))
    put_quantity(draft, row, consignment.first("NetWeightMeasure"), consignment.first("GrossWeightMeasure"))
