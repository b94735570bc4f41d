"""Who a product is for: the words of sex, occupation and medical insurance, and what pages call them."""

from __future__ import annotations

from enum import StrEnum


class Insured(StrEnum):
    """The covered person: the member who joins, or a child of theirs (ages and sex are then the child's)."""

    MEMBER = "member"
    CHILD = "child"


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"


class OccupationGroup(StrEnum):
    """The eight groups (八大群体), ride-hailing drivers, who are not among them, employees, and other."""

    FOOD_DELIVERY_WORKER = "food_delivery_worker"
    COURIER = "courier"
    TRUCK_DRIVER = "truck_driver"
    RIDE_HAILING_DRIVER = "ride_hailing_driver"
    DOMESTIC_WORKER = "domestic_worker"
    NURSING_AIDE = "nursing_aide"
    MALL_INFORMATION_OFFICER = "mall_information_officer"
    ESTATE_AGENT = "estate_agent"
    SECURITY_GUARD = "security_guard"
    EMPLOYEE = "employee"
    OTHER = "other"


class MedicalInsurance(StrEnum):
    EMPLOYEE = "employee"  # 职工医保
    RESIDENT = "resident"  # 居民医保, 新农合
    NONE = "none"
    UNKNOWN = "unknown"


OCCUPATION_NAMES = {
    OccupationGroup.FOOD_DELIVERY_WORKER: "外卖配送员",
    OccupationGroup.COURIER: "快递员",
    OccupationGroup.TRUCK_DRIVER: "货车司机",
    OccupationGroup.RIDE_HAILING_DRIVER: "网约车司机",
    OccupationGroup.DOMESTIC_WORKER: "家政服务员",
    OccupationGroup.NURSING_AIDE: "护工护理员",
    OccupationGroup.MALL_INFORMATION_OFFICER: "商场信息员",
    OccupationGroup.ESTATE_AGENT: "房产中介员",
    OccupationGroup.SECURITY_GUARD: "保安员",
    OccupationGroup.EMPLOYEE: "单位在职职工",
    OccupationGroup.OTHER: "其他职业",
}
GENDER_NAMES = {Gender.FEMALE: "女", Gender.MALE: "男"}
MEDICAL_NAMES = {
    MedicalInsurance.EMPLOYEE: "职工医保",
    MedicalInsurance.RESIDENT: "居民医保（含新农合）",
    MedicalInsurance.NONE: "没有参加医保",
    MedicalInsurance.UNKNOWN: "不清楚",
}
