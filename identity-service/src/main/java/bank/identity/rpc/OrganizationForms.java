package bank.identity.rpc;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Member;
import bank.identity.model.NewOrganization;
import bank.identity.model.Organization;
import bank.identity.model.OrganizationChange;
import bank.identity.model.OrganizationChange.Field;
import bank.identity.model.OrganizationFilter;
import bank.identity.model.OrganizationType;
import bank.identity.model.TaxNumber;
import bank.v1.CreateOrganizationRequest;
import bank.v1.ListOrganizationsRequest;
import bank.v1.OrganizationMember;
import bank.v1.UpdateOrganizationRequest;
import com.google.protobuf.FieldMask;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Organisations to and from messages of bank.v1.
final class OrganizationForms {
    private OrganizationForms() {}

    static NewOrganization organization(CreateOrganizationRequest request) {
        return new NewOrganization(
                name(request.getName()),
                type(request.getType()),
                TaxNumber.orEmpty(request.getTaxNumber()),
                request.hasParentId() ? (Long) request.getParentId() : null);
    }

    static OrganizationFilter filter(ListOrganizationsRequest request) {
        return new OrganizationFilter(
                type(request.getType()), request.hasParentId() ? (Long) request.getParentId() : null);
    }

    static OrganizationChange change(UpdateOrganizationRequest request) {
        var fields = request.hasUpdateMask() ? masked(request) : present(request);
        if (fields.isEmpty()) {
            throw invalid("update_mask", "names nothing to change");
        }
        // Values beside the mask mean nothing, and so are not looked at.
        return new OrganizationChange(
                fields,
                fields.contains(Field.NAME) ? name(request.getName()) : "",
                type(request.getType()),
                fields.contains(Field.TAX_NUMBER) ? TaxNumber.orEmpty(request.getTaxNumber()) : "",
                request.hasParentId() ? (Long) request.getParentId() : null);
    }

    /// The request with its mask told in one way, so that the same change is the same request however it was asked for.
    static UpdateOrganizationRequest canonical(UpdateOrganizationRequest request, OrganizationChange change) {
        var mask = FieldMask.newBuilder();
        change.fields().stream().sorted().map(Field::path).forEach(mask::addPaths);
        return request.toBuilder().setUpdateMask(mask).build();
    }

    static bank.v1.Organization toProto(Organization organization) {
        var proto = bank.v1.Organization.newBuilder()
                .setId(organization.id())
                .setName(organization.name())
                .setType(
                        switch (organization.type()) {
                            case CUSTOMER -> bank.v1.OrganizationType.ORGANIZATION_TYPE_CUSTOMER;
                            case PARTNER -> bank.v1.OrganizationType.ORGANIZATION_TYPE_PARTNER;
                            case VENDOR -> bank.v1.OrganizationType.ORGANIZATION_TYPE_VENDOR;
                        })
                .setTaxNumber(organization.taxNumber())
                .setCreatedAt(IdentityProtos.toProto(organization.createdAt()))
                .setEtag(organization.etag());
        if (organization.parentId() != null) {
            proto.setParentId(organization.parentId());
        }
        return proto.build();
    }

    static OrganizationMember toProto(Member member) {
        return OrganizationMember.newBuilder()
                .setOrganizationId(member.organizationId())
                .setUserId(member.userId())
                .setEmail(member.email().value())
                .setFirstName(member.name().first())
                .setLastName(member.name().last())
                .setAdmin(member.admin())
                .setCreatedAt(IdentityProtos.toProto(member.createdAt()))
                .build();
    }

    private static String name(String text) {
        var name = Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
        if (name.isEmpty()) {
            throw invalid("name", "must have other characters than spaces");
        }
        return name;
    }

    private static @Nullable OrganizationType type(bank.v1.OrganizationType type) {
        return switch (type) {
            case ORGANIZATION_TYPE_UNSPECIFIED -> null;
            case ORGANIZATION_TYPE_CUSTOMER -> OrganizationType.CUSTOMER;
            case ORGANIZATION_TYPE_PARTNER -> OrganizationType.PARTNER;
            case ORGANIZATION_TYPE_VENDOR -> OrganizationType.VENDOR;
            case UNRECOGNIZED -> throw invalid("type", "must be one of customer, partner, vendor");
        };
    }

    private static Set<Field> masked(UpdateOrganizationRequest request) {
        var fields = EnumSet.noneOf(Field.class);
        for (var path : request.getUpdateMask().getPathsList()) {
            var field = field(path);
            if ((field == Field.NAME || field == Field.TYPE) && !given(request, field)) {
                throw invalid(path, "an organisation always has one");
            }
            fields.add(field);
        }
        return fields;
    }

    private static Field field(String path) {
        for (var field : Field.values()) {
            if (field.path().equals(path)) {
                return field;
            }
        }
        throw invalid("update_mask", "cannot change " + path);
    }

    private static Set<Field> present(UpdateOrganizationRequest request) {
        var fields = EnumSet.noneOf(Field.class);
        for (var field : Field.values()) {
            if (given(request, field)) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static boolean given(UpdateOrganizationRequest request, Field field) {
        return switch (field) {
            case NAME -> request.hasName();
            case TYPE -> request.hasType();
            case TAX_NUMBER -> request.hasTaxNumber();
            case PARENT_ID -> request.hasParentId();
        };
    }

    private static IdentityException invalid(String field, String description) {
        return new IdentityException(new IdentityFailure.FieldInvalid(field, description));
    }
}
